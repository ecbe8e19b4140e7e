// The container apps of all regions: an API, and a worker that is scaled from zero by the length of its queues. azd deploys them with
// their image, so they never run another. main.bicep creates what they need, with their roles.

import {
  accountName
  environmentName as nameOfEnvironment
  eventQueue
  listOf
  logsName
  registryName
  secretSettings
  tokenOf
  vaultName
  workQueues
} from 'names.bicep'
import { Preset, Settings, Watch, ofPresets, ofWatches, toList } from 'settings.bicep'

param environmentName string
param location string
param otherLocations string

@description('The image of both apps.')
@minLength(1)
param image string

@description('Names of the secrets in the vaults, separated by commas.')
param secretNames string

@description('The addresses of the API in all regions, if there are several.')
param addresses string[]

param imagesShare bool
param imageContainers string
param thumbnailContainer string = 'thumbnails'
param watchedContainers string
param settings Settings = loadJsonContent('options.json').settings
param presets { *: Preset } = loadJsonContent('options.json').presets
param watches { *: Watch } = loadJsonContent('options.json').watches

@description('Minimum number of API instances. With 0, an idle app costs nothing and the first request is slow.')
@minValue(0)
param minApis int

@description('During a rollout: the API\'s revisions that keep receiving requests, one for each region, separated by commas.')
param stableRevisions string

@description('During a rollout: the percentage of requests that the new revision receives.')
@minValue(0)
@maxValue(100)
param newPercent int

// Shared with the simulation in bench/scaling.cs.
var scaling = loadJsonContent('scaling.json')

// The target per worker is what it processes between two polls of the queue.
var smallQueueLength = scaling.messagesAtOnce * 1000 / scaling.millisecondsPerSmallMessage * scaling.pollingIntervalSeconds
var bulkQueueLength = scaling.imagesPerSecondPerCore * scaling.workerCores * scaling.pollingIntervalSeconds / scaling.imagesPerBulkMessage

var tags = { 'azd-env-name': environmentName }
var token = tokenOf(subscription().id, environmentName)
var locations = concat([location], listOf(otherLocations))
var stable = listOf(stableRevisions)
var queues = concat(workQueues, empty(listOf(watchedContainers)) ? [] : [eventQueue])
var port = 8080
var vaultSuffix = environment().suffixes.keyvaultDns

resource environments 'Microsoft.App/managedEnvironments@2025-01-01' existing = [
  for i in range(0, length(locations)): {
    name: nameOfEnvironment(token, i)
  }
]

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName(token)
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = [
  for i in range(0, length(locations)): {
    name: logsName(token, i)
  }
]

resource apiIdentities 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = [
  for i in range(0, length(locations)): {
    name: 'api-${i}'
  }
]

resource workerIdentities 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = [
  for i in range(0, length(locations)): {
    name: 'worker-${i}'
  }
]

// Settings that are the same in all regions. All connections come from the few addresses of the ingress.
var common = concat(
  [
    { name: 'ImageResize__Blobs__AllowedContainers', value: imageContainers }
    { name: 'ImageResize__Thumbnails__OutputContainer', value: thumbnailContainer }
    { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'Authorization=AAD' }
  ],
  map(addresses, (address, i) => { name: 'ImageResize__Regions__Addresses__${i}', value: address }),
  map(
    filter(listOf(secretNames), secret => contains(secretSettings, secret)),
    secret => { name: secretSettings[secret], secretRef: secret }
  ),
  toList(union(
    { ImageResize__Limits__ConnectionsPerAddress: '10000' },
    settings,
    ofPresets(presets),
    ofWatches(watches)
  ))
)

// The program runs as user 1654, which needs write access.
var volumes = imagesShare
  ? [
      {
        name: 'images'
        storageType: 'AzureFile'
        storageName: 'images'
        mountOptions: 'uid=1654,gid=1654,file_mode=0660,dir_mode=0770'
      }
    ]
  : []
var mounts = imagesShare ? [{ volumeName: 'images', mountPath: '/ImageResize/images' }] : []

var probes = [
  {
    type: 'Startup'
    httpGet: { path: '/health/live', port: port }
    periodSeconds: 5
    timeoutSeconds: 5
    failureThreshold: 24
  }
  { type: 'Liveness', httpGet: { path: '/health/live', port: port }, periodSeconds: 30, timeoutSeconds: 5 }
]

resource apis 'Microsoft.App/containerApps@2025-01-01' = [
  for (place, i) in locations: {
    name: 'api-${i}'
    location: place

    // azd needs one app with the name of its service.
    tags: i == 0 ? union(tags, { 'azd-service-name': 'containers' }) : tags
    identity: { type: 'UserAssigned', userAssignedIdentities: { '${apiIdentities[i].id}': {} } }
    properties: {
      environmentId: environments[i].id
      workloadProfileName: 'Consumption'
      configuration: {
        activeRevisionsMode: empty(stable) ? 'Single' : 'Multiple'
        ingress: {
          external: true
          allowInsecure: false
          targetPort: port
          transport: 'auto'
          traffic: empty(stable)
            ? [{ latestRevision: true, weight: 100 }]
            : [{ revisionName: stable[i], weight: 100 - newPercent }, { latestRevision: true, weight: newPercent }]
        }
        registries: [{ server: registry.properties.loginServer, identity: apiIdentities[i].id }]
        secrets: map(listOf(secretNames), secret => {
          name: secret
          keyVaultUrl: 'https://${vaultName(token, i)}${vaultSuffix}/secrets/${secret}'
          identity: apiIdentities[i].id
        })
      }
      template: {
        containers: [
          {
            name: 'api'
            image: image
            resources: { cpu: json('0.5'), memory: '1Gi' }
            env: concat(
              [
                { name: 'AzureWebJobsStorage__accountName', value: accountName(token, i) }
                { name: 'AZURE_CLIENT_ID', value: apiIdentities[i].properties.clientId }
                { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights[i].properties.ConnectionString }
                { name: 'ImageResize__Regions__Number', value: string(i) }
                { name: 'ImageResize__Role', value: 'Api' }
                { name: 'ImageResize__Keys__default', secretRef: 'api-key' }
              ],
              common
            )
            probes: concat(probes, [
              {
                type: 'Readiness'
                httpGet: { path: '/health/ready', port: port }
                periodSeconds: 10
                timeoutSeconds: 5
              }
            ])
            volumeMounts: mounts
          }
        ]
        scale: {
          minReplicas: minApis
          maxReplicas: 10
          rules: [{ name: 'requests', http: { metadata: { concurrentRequests: '50' } } }]
        }
        volumes: volumes
      }
    }
  }
]

resource workers 'Microsoft.App/containerApps@2025-01-01' = [
  for (place, i) in locations: {
    name: 'worker-${i}'
    location: place
    tags: tags
    identity: { type: 'UserAssigned', userAssignedIdentities: { '${workerIdentities[i].id}': {} } }
    properties: {
      environmentId: environments[i].id
      workloadProfileName: 'Consumption'
      configuration: {
        activeRevisionsMode: 'Single'
        registries: [{ server: registry.properties.loginServer, identity: workerIdentities[i].id }]
        secrets: map(filter(listOf(secretNames), secret => contains(secretSettings, secret)), secret => {
          name: secret
          keyVaultUrl: 'https://${vaultName(token, i)}${vaultSuffix}/secrets/${secret}'
          identity: workerIdentities[i].id
        })
      }
      template: {
        // Time for a worker that is removed to release its messages.
        terminationGracePeriodSeconds: 30
        containers: [
          {
            name: 'worker'
            image: image
            resources: { cpu: json(string(scaling.workerCores)), memory: '${scaling.workerCores * 2}Gi' }
            env: concat(
              [
                { name: 'AzureWebJobsStorage__accountName', value: accountName(token, i) }
                { name: 'AZURE_CLIENT_ID', value: workerIdentities[i].properties.clientId }
                { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights[i].properties.ConnectionString }
                { name: 'ImageResize__Regions__Number', value: string(i) }
                { name: 'ImageResize__Role', value: 'Worker' }
              ],
              common
            )
            probes: probes
            volumeMounts: mounts
          }
        ]
        scale: {
          minReplicas: 0
          maxReplicas: scaling.maxWorkers
          pollingInterval: scaling.pollingIntervalSeconds
          cooldownPeriod: scaling.cooldownSeconds
          rules: map(queues, queue => {
            name: queue
            azureQueue: {
              accountName: accountName(token, i)
              queueName: queue
              queueLength: endsWith(queue, '-bulk') ? bulkQueueLength : smallQueueLength
              identity: workerIdentities[i].id
            }
          })
        }
        volumes: volumes
      }
    }
  }
]
