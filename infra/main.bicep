// Deploys ImageResize to a subscription. See docs/azure.md.

targetScope = 'subscription'

import { Preset, Settings, Watch, ofPresets, ofWatches } from 'settings.bicep'

@description('Name of the environment. It determines the names of the resource group and its resources.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('The first region.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Further regions, separated by commas. Each has the same resources, behind one Front Door. Add regions only at the end, because ids contain a region\'s position.')
param otherLocations string = ''

@description('functions: Flex Consumption. containerapps: Container Apps with an API and a worker that KEDA scales.')
@allowed(['functions', 'containerapps'])
param shape string = 'functions'

@description('Key that callers of the container apps send as x-functions-key. Function apps have their own keys.')
@secure()
@minLength(24)
@metadata({ azd: { type: 'generate', config: { length: 40, noSpecial: true } } })
param apiKey string

@description('Secrets that sign callbacks, as described in docs/settings.md. Empty turns callbacks off.')
@secure()
param callbackSecrets string = ''

@description('Key that signs addresses of thumbnails, 32 characters or more. Empty turns them off, except unsigned presets.')
@secure()
param addressKey string = ''

@description('Key for metrics and health details. Empty turns them off.')
@secure()
param adminKey string = ''

@description('Container apps only: whether to mount an Azure Files share, in a separate storage account, at /ImageResize/images.')
param imagesShare bool = false

@description('Containers whose blobs may be used as images, separated by commas.')
param imageContainers string = 'images'

@description('Container for thumbnails of uploads and web images.')
param thumbnailContainer string = 'thumbnails'

@description('Watched containers or prefixes, separated by commas: `photos` or `photos/in/`. Events announce their new blobs. Empty turns events off.')
param watchedContainers string = ''

@description('Watches by name, for example { products: { source: \'blob://photos/in/**\', preset: \'card\' } }.')
param watches { *: Watch } = {}

@description('Other settings of docs/settings.md.')
param settings Settings = {}

@description('Thumbnails that callers request by name.')
param presets { *: Preset } = {}

@description('Maximum number of Flex Consumption instances, up to 1,000.')
param maxInstances int = loadJsonContent('scaling.json').maxFunctionInstances

@description('Container apps: minimum number of API instances. With 0, an idle app costs nothing and the first request is slow.')
param minApis int = 1

@description('Set by azd after the first deployment.')
param apiImage string = ''
param workerImage string = ''

var scaling = loadJsonContent('scaling.json')
var tags = { 'azd-env-name': environmentName }
var token = toLower(uniqueString(subscription().id, environmentName))
var locations = concat(
  [location],
  filter(map(split(otherLocations, ','), other => trim(other)), other => !empty(other))
)
var isFunctions = shape == 'functions'
var deploymentContainer = 'deployment'
var allSettings = union(settings, ofPresets(presets), ofWatches(watches))

// The names that the program and its triggers use.
var workQueues = ['imageresize-work', 'imageresize-work-bulk']
var eventQueue = 'imageresize-work-events'
var deadLetterContainer = 'event-dead-letters'
var watched = filter(map(split(watchedContainers, ','), source => trim(source)), source => !empty(source))
var hasEvents = !empty(watched)
var queues = concat(workQueues, hasEvents ? [eventQueue] : [])
var containers = union(
  filter(split(imageContainers, ','), name => !empty(name)),
  [thumbnailContainer],
  isFunctions ? [deploymentContainer] : [],
  hasEvents ? [deadLetterContainer] : []
)

// Names don't depend on deployed resources, so what-if can predict all changes.
var accountNames = [for i in range(0, length(locations)): 'st${token}${i}']
var logNames = [for i in range(0, length(locations)): 'logs-${token}-${i}']
var functionNames = [for i in range(0, length(locations)): 'func-${token}-${i}']
var environmentNames = [for i in range(0, length(locations)): 'cae-${token}-${i}']
var registryName = 'cr${token}'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module storage 'storage.bicep' = [
  for (place, i) in locations: {
    scope: group
    name: 'storage-${i}'
    params: {
      name: accountNames[i]
      location: place
      tags: tags
      containers: containers
      workQueues: queues
    }
  }
]

module logs 'logs.bicep' = [
  for (place, i) in locations: {
    scope: group
    name: 'logs-${i}'
    params: {
      name: logNames[i]
      location: place
      tags: tags
      withInsights: isFunctions
    }
  }
]

module functions 'functions.bicep' = [
  for (place, i) in locations: if (isFunctions) {
    scope: group
    name: 'functions-${i}'
    params: {
      name: functionNames[i]
      location: place
      tags: tags
      accountName: accountNames[i]
      blobEndpoint: storage[i].outputs.blobEndpoint
      insightsName: logNames[i]
      workQueues: queues
      hasEvents: hasEvents
      deploymentContainer: deploymentContainer
      region: i
      addresses: length(locations) > 1 ? map(functionNames, name => 'https://${name}.azurewebsites.net') : []
      imageContainers: imageContainers
      thumbnailContainer: thumbnailContainer
      callbackSecrets: callbackSecrets
      addressKey: addressKey
      adminKey: adminKey
      settings: allSettings
      maxInstances: maxInstances
    }
    dependsOn: [logs]
  }
]

module registry 'registry.bicep' = if (!isFunctions) {
  scope: group
  name: 'registry'
  params: { name: registryName, location: location, tags: tags }
}

module environments 'environment.bicep' = [
  for (place, i) in locations: if (!isFunctions) {
    scope: group
    name: 'environment-${i}'
    params: {
      name: environmentNames[i]
      location: place
      tags: tags
      workspaceId: logs[i].outputs.workspaceId
      shareAccountName: imagesShare ? 'fs${token}${i}' : ''
    }
  }
]

module apps 'containerapps.bicep' = [
  for (place, i) in locations: if (!isFunctions) {
    scope: group
    name: 'apps-${i}'
    params: {
      location: place
      tags: tags
      environmentName: environmentNames[i]
      apiName: 'api-${i}'
      workerName: 'worker-${i}'
      accountName: accountNames[i]
      registryName: registryName
      workQueues: queues
      region: i
      addresses: [
        for other in range(0, length(locations) > 1 ? length(locations) : 0): 'https://api-${other}.${environments[other]!.outputs.domain}'
      ]
      imageContainers: imageContainers
      thumbnailContainer: thumbnailContainer
      withShare: imagesShare
      settings: allSettings
      apiKey: apiKey
      callbackSecrets: callbackSecrets
      addressKey: addressKey
      adminKey: adminKey
      apiImage: apiImage
      workerImage: workerImage
      minApis: minApis
      maxWorkers: scaling.maxWorkers
    }
    dependsOn: [registry, storage]
  }
]

module events 'events.bicep' = [
  for (place, i) in locations: if (hasEvents) {
    scope: group
    name: 'events-${i}'
    params: {
      name: 'events-${token}-${i}'
      location: place
      tags: tags
      accountName: accountNames[i]
      queue: eventQueue
      deadLetterContainer: deadLetterContainer
      watched: watched
    }
    dependsOn: [storage]
  }
]

module frontDoor 'frontdoor.bicep' = if (length(locations) > 1) {
  scope: group
  name: 'frontdoor'
  params: {
    name: 'fd-${token}'
    tags: tags
    hosts: [for i in range(0, length(locations)): isFunctions ? functions[i]!.outputs.host : apps[i]!.outputs.host]
  }
}

// azure.yaml and its hooks read these outputs.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = isFunctions ? '' : registry!.outputs.server
output IMAGERESIZE_DEPLOYS_FUNCTIONS string = isFunctions ? 'true' : 'false'
output IMAGERESIZE_DEPLOYS_CONTAINERS string = isFunctions ? 'false' : 'true'
output IMAGERESIZE_REGIONS int = length(locations)
output IMAGERESIZE_FUNCTION_APPS string = isFunctions ? join(functionNames, ',') : ''
output IMAGERESIZE_ADDRESS string = length(locations) > 1
  ? frontDoor!.outputs.address
  : 'https://${isFunctions ? functions[0]!.outputs.host : apps[0]!.outputs.host}'
