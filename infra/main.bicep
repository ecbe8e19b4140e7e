// Deploys ImageResize to a subscription. See docs/azure.md.

targetScope = 'subscription'

import {
  accountName
  environmentName as nameOfEnvironment
  eventQueue
  functionName
  listOf
  logsName
  networkName
  registryName
  shareAccountName
  tokenOf
  vaultName
  workQueues
} from 'names.bicep'
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
param watches { *: Watch } = loadJsonContent('options.json').watches

@description('Other settings of docs/settings.md.')
param settings Settings = loadJsonContent('options.json').settings

@description('Thumbnails that callers request by name.')
param presets { *: Preset } = loadJsonContent('options.json').presets

@description('Maximum number of Flex Consumption instances of a region, up to 1,000.')
param maxInstances int = loadJsonContent('scaling.json').maxFunctionInstances

@description('Memory of a Flex Consumption instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemory int = loadJsonContent('scaling.json').functionInstanceGigabytes * 1024

@description('Concurrent HTTP requests of a Flex Consumption instance. Waits and event streams are requests too.')
param requestsPerInstance int = loadJsonContent('scaling.json').requestsPerFunctionInstance

@description('Flex Consumption instances that always run, for example `http=1,function:ProcessWork=1`.')
param alwaysReady string = ''

@description('How Flex Consumption replaces running code. RollingUpdate lets work finish, but is a preview.')
@allowed(['Recreate', 'RollingUpdate'])
param updates string = 'Recreate'

@description('Whether storage, the plan and the environment use three zones of each region, which must have them.')
param zoneRedundant bool = false

@description('Whether storage has only private addresses, in a network of each region.')
param privateNetwork bool = false

@description('How many days deleted blobs can be restored. 0: not at all.')
param softDeleteDays int = 7

@description('Gigabytes of logs a day and region. -1: no limit.')
param dailyLogGigabytes int = 5

@description('Who is notified of alerts and costs: email addresses, separated by commas.')
param alertEmails string = ''

@description('The expected costs of a month, in the currency of the subscription. 0: no notification.')
param monthlyBudget int = 0

var tags = { 'azd-env-name': environmentName }
var token = tokenOf(subscription().id, environmentName)
var locations = concat([location], listOf(otherLocations))
var isFunctions = shape == 'functions'
var deploymentContainer = 'deployment'
var deadLetterContainer = 'event-dead-letters'
var watched = listOf(watchedContainers)
var hasEvents = !empty(watched)
var queues = concat(workQueues, hasEvents ? [eventQueue] : [])
var poisonQueues = map(queues, queue => '${queue}-poison')
var thumbnailPlaces = union(listOf(imageContainers), [thumbnailContainer])
var containers = union(
  thumbnailPlaces,
  isFunctions ? [deploymentContainer] : [],
  hasEvents ? [deadLetterContainer] : []
)
var hasShare = imagesShare && !isFunctions
var privateServices = concat(['blob', 'queue', 'table'], hasShare ? ['file'] : [])
var emails = listOf(alertEmails)

var apiSecretNames = isFunctions ? [] : ['api-key']
var appSecretNames = concat(
  empty(addressKey) ? [] : ['address-key'],
  empty(adminKey) ? [] : ['admin-key'],
  empty(callbackSecrets) ? [] : ['callback-secrets']
)
var secretNames = concat(apiSecretNames, appSecretNames)

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module people 'people.bicep' = if (!empty(emails)) {
  scope: group
  name: 'people'
  params: { name: 'notify-${token}', tags: tags, emails: emails, monthlyBudget: monthlyBudget }
}

module logs 'logs.bicep' = [
  for (place, i) in locations: {
    scope: group
    name: 'logs-${i}'
    params: {
      name: logsName(token, i)
      location: place
      tags: tags
      dailyGigabytes: dailyLogGigabytes
      actionGroupIds: empty(emails) ? [] : [people!.outputs.groupId]
    }
  }
]

module storage 'storage.bicep' = [
  for (place, i) in locations: {
    scope: group
    name: 'storage-${i}'
    params: {
      name: accountName(token, i)
      location: place
      tags: tags
      workspaceId: logs[i].outputs.workspaceId
      containers: containers
      workQueues: queues
      zoneRedundant: zoneRedundant
      publicAccess: !privateNetwork
      softDeleteDays: softDeleteDays
      expiringContainers: hasEvents ? [deadLetterContainer] : []
    }
  }
]

module share 'share.bicep' = [
  for (place, i) in locations: if (hasShare) {
    scope: group
    name: 'share-${i}'
    params: { name: shareAccountName(token, i), location: place, tags: tags, publicAccess: !privateNetwork }
  }
]

module dns 'dns.bicep' = if (privateNetwork) {
  scope: group
  name: 'dns'
  params: { tags: tags, services: privateServices }
}

module networks 'network.bicep' = [
  for (place, i) in locations: if (privateNetwork) {
    scope: group
    name: 'network-${i}'
    params: {
      name: networkName(token, i)
      location: place
      tags: tags
      region: i
      services: privateServices
      accounts: concat(
        map(['blob', 'queue', 'table'], service => { name: accountName(token, i), service: service }),
        hasShare ? [{ name: shareAccountName(token, i), service: 'file' }] : []
      )
    }
    dependsOn: [storage, share, dns]
  }
]

// The person or pipeline that deploys can upload images, because keys are disabled.
module deployerRoles 'roles.bicep' = [
  for i in range(0, length(locations)): {
    scope: group
    name: 'roles-deployer-${i}'
    params: {
      accountName: accountName(token, i)
      principalId: deployer().objectId
      principalType: ''
      account: ['Storage Blob Data Contributor']
    }
    dependsOn: [storage]
  }
]

module functionIdentities 'identity.bicep' = [
  for (place, i) in locations: if (isFunctions) {
    scope: group
    name: 'identity-functions-${i}'
    params: { name: functionName(token, i), location: place, tags: tags }
  }
]

// The Functions host asks for Blob Data Owner on its own storage; the program needs no more than Contributor.
module functionRoles 'approles.bicep' = [
  for i in range(0, length(locations)): if (isFunctions) {
    scope: group
    name: 'roles-functions-${i}'
    params: {
      accountName: accountName(token, i)
      insightsName: logsName(token, i)
      #disable-next-line what-if-short-circuiting // names of assignments contain the principal
      principalId: functionIdentities[i]!.outputs.principalId
      account: ['Storage Blob Data Owner', 'Storage Table Data Contributor']
      queues: map(concat(queues, poisonQueues), queue => { queue: queue, role: 'Storage Queue Data Contributor' })
    }
    dependsOn: [storage, logs]
  }
]

module functions 'functions.bicep' = [
  for (place, i) in locations: if (isFunctions) {
    scope: group
    name: 'functions-${i}'
    params: {
      name: functionName(token, i)
      location: place
      tags: tags
      accountName: accountName(token, i)
      blobEndpoint: storage[i].outputs.blobEndpoint
      insightsName: logsName(token, i)
      identityId: functionIdentities[i]!.outputs.id
      clientId: functionIdentities[i]!.outputs.clientId
      vaultName: vaultName(token, i)
      secretNames: secretNames
      hasEvents: hasEvents
      deploymentContainer: deploymentContainer
      region: i
      addresses: length(locations) > 1
        ? map(range(0, length(locations)), other => 'https://${functionName(token, other)}.azurewebsites.net')
        : []
      imageContainers: imageContainers
      thumbnailContainer: thumbnailContainer
      settings: union(settings, ofPresets(presets), ofWatches(watches))
      options: {
        maxInstances: maxInstances
        instanceMemory: instanceMemory
        requestsPerInstance: requestsPerInstance
        alwaysReady: alwaysReady
        updates: updates
        zoneRedundant: zoneRedundant
      }
      subnetId: privateNetwork ? networks[i]!.outputs.appsSubnetId : ''
    }
    dependsOn: [logs, functionRoles, vaults]
  }
]

module registry 'registry.bicep' = if (!isFunctions) {
  scope: group
  name: 'registry'
  params: { name: registryName(token), location: location, tags: tags }
}

module environments 'environment.bicep' = [
  for (place, i) in locations: if (!isFunctions) {
    scope: group
    name: 'environment-${i}'
    params: {
      name: nameOfEnvironment(token, i)
      location: place
      tags: tags
      workspaceId: logs[i].outputs.workspaceId
      shareAccountName: hasShare ? shareAccountName(token, i) : ''
      subnetId: privateNetwork ? networks[i]!.outputs.appsSubnetId : ''
      zoneRedundant: zoneRedundant
    }
    dependsOn: [share]
  }
]

module apiIdentities 'identity.bicep' = [
  for (place, i) in locations: if (!isFunctions) {
    scope: group
    name: 'identity-api-${i}'
    params: { name: 'api-${i}', location: place, tags: tags }
  }
]

module workerIdentities 'identity.bicep' = [
  for (place, i) in locations: if (!isFunctions) {
    scope: group
    name: 'identity-worker-${i}'
    params: { name: 'worker-${i}', location: place, tags: tags }
  }
]

// Sends messages, creates and deletes the daily tables and containers, signs links, and counts the messages of all queues but that of
// events.
module apiRoles 'approles.bicep' = [
  for i in range(0, length(locations)): if (!isFunctions) {
    scope: group
    name: 'roles-api-${i}'
    params: {
      accountName: accountName(token, i)
      insightsName: logsName(token, i)
      registryName: registryName(token)
      #disable-next-line what-if-short-circuiting // names of assignments contain the principal
      principalId: apiIdentities[i]!.outputs.principalId
      account: ['Storage Blob Data Contributor', 'Storage Table Data Contributor']
      queues: flatten(map(workQueues, queue => [
        { queue: queue, role: 'Storage Queue Data Message Sender' }
        { queue: queue, role: 'Storage Queue Data Reader' }
        { queue: '${queue}-poison', role: 'Storage Queue Data Reader' }
      ]))
    }
    dependsOn: [storage, logs, registry]
  }
]

// Writes thumbnails, and to the containers of uploads, which are created daily. It never gives up events.
module workerRoles 'approles.bicep' = [
  for i in range(0, length(locations)): if (!isFunctions) {
    scope: group
    name: 'roles-worker-${i}'
    params: {
      accountName: accountName(token, i)
      insightsName: logsName(token, i)
      registryName: registryName(token)
      #disable-next-line what-if-short-circuiting // names of assignments contain the principal
      principalId: workerIdentities[i]!.outputs.principalId
      account: ['Storage Blob Data Contributor', 'Storage Table Data Contributor']
      queues: map(
        concat(queues, map(workQueues, queue => '${queue}-poison')),
        queue => { queue: queue, role: 'Storage Queue Data Contributor' }
      )
    }
    dependsOn: [storage, logs, registry]
  }
]

module vaults 'vault.bicep' = [
  for (place, i) in locations: {
    scope: group
    name: 'vault-${i}'
    params: {
      name: vaultName(token, i)
      location: place
      tags: tags
      workspaceId: logs[i].outputs.workspaceId
      apiKey: isFunctions ? '' : apiKey
      addressKey: addressKey
      adminKey: adminKey
      callbackSecrets: callbackSecrets
      #disable-next-line what-if-short-circuiting // names of assignments contain the principal
      reader: isFunctions ? functionIdentities[i]!.outputs.principalId : apiIdentities[i]!.outputs.principalId
      #disable-next-line what-if-short-circuiting // names of assignments contain the principal
      worker: isFunctions ? '' : workerIdentities[i]!.outputs.principalId
    }
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
      accountName: accountName(token, i)
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
    hosts: [
      for i in range(0, length(locations)): isFunctions
        ? functions[i]!.outputs.host
        : 'api-${i}.${environments[i]!.outputs.domain}'
    ]
  }
}

// azure.yaml, its hooks and containers.bicepparam read these outputs.
output AZURE_RESOURCE_GROUP string = group.name
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = isFunctions ? '' : registry!.outputs.server
output IMAGERESIZE_DEPLOYS_FUNCTIONS string = isFunctions ? 'true' : 'false'
output IMAGERESIZE_DEPLOYS_CONTAINERS string = isFunctions ? 'false' : 'true'
output IMAGERESIZE_FUNCTION_APPS string = isFunctions
  ? join(map(range(0, length(locations)), i => functionName(token, i)), ',')
  : ''
output IMAGERESIZE_SECRET_NAMES string = join(secretNames, ',')
output IMAGERESIZE_API_ADDRESSES string[] = [
  for i in range(0, !isFunctions && length(locations) > 1 ? length(locations) : 0): 'https://api-${i}.${environments[i]!.outputs.domain}'
]
output IMAGERESIZE_ADDRESS string = length(locations) > 1
  ? frontDoor!.outputs.address
  : 'https://${isFunctions ? functions[0]!.outputs.host : 'api-0.${environments[0]!.outputs.domain}'}'
