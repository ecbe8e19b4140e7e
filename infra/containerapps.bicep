// The container apps of one region: an API, and a worker that is scaled from zero by the length of its queues.

import { toList } from 'settings.bicep'

param location string
param tags object
param environmentName string
param apiName string
param workerName string
param accountName string
param registryName string
param workQueues string[]
param region int
param addresses string[]
param imageContainers string
param thumbnailContainer string
param withShare bool
param settings object

@secure()
param apiKey string

@secure()
param callbackSecrets string

@secure()
param addressKey string

@secure()
param adminKey string

@description('Empty before the first deployment. A sample page of Microsoft is used until azd deploys the image.')
param apiImage string
param workerImage string

@minValue(0)
param minApis int

@minValue(1)
param maxWorkers int

// Shared with the simulation in bench/scaling.cs.
var scaling = loadJsonContent('scaling.json')

// The target per worker is what it processes between two polls of the queue.
var smallQueueLength = scaling.messagesAtOnce * 1000 / scaling.millisecondsPerSmallMessage * scaling.pollingIntervalSeconds
var bulkQueueLength = scaling.imagesPerSecondPerCore * scaling.workerCores * scaling.pollingIntervalSeconds / scaling.imagesPerBulkMessage

var standIn = 'mcr.microsoft.com/k8se/quickstart:latest'
var port = 8080
var acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'
var poisonQueues = map(workQueues, queue => '${queue}-poison')

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' existing = {
  name: environmentName
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

// User-assigned identities exist before the apps, because an app pulls its image when it's created.
resource apiIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: apiName
  location: location
  tags: tags
}

resource workerIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: workerName
  location: location
  tags: tags
}

resource apiPulls 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, apiIdentity.id, acrPull)
  scope: registry
  properties: {
    principalId: apiIdentity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', acrPull)
  }
}

resource workerPulls 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, workerIdentity.id, acrPull)
  scope: registry
  properties: {
    principalId: workerIdentity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', acrPull)
  }
}

// Sends messages, creates and deletes the daily tables and containers, and signs links.
module apiRoles 'roles.bicep' = {
  name: 'roles-${apiName}'
  params: {
    accountName: accountName
    principalId: apiIdentity.properties.principalId
    app: apiName
    account: ['Storage Blob Data Contributor', 'Storage Blob Delegator', 'Storage Table Data Contributor']
    queues: flatten(map(workQueues, queue => [
      { queue: queue, role: 'Storage Queue Data Message Sender' }
      { queue: queue, role: 'Storage Queue Data Reader' }
    ]))
  }
}

// Writes thumbnails, and to the containers of uploads, which are created daily.
module workerRoles 'roles.bicep' = {
  name: 'roles-${workerName}'
  params: {
    accountName: accountName
    principalId: workerIdentity.properties.principalId
    app: workerName
    account: ['Storage Blob Data Contributor', 'Storage Blob Delegator', 'Storage Table Data Contributor']
    queues: map(concat(workQueues, poisonQueues), queue => { queue: queue, role: 'Storage Queue Data Contributor' })
  }
}

var common = concat(
  [
    { name: 'AzureWebJobsStorage__accountName', value: accountName }
    { name: 'ImageResize__Regions__Number', value: string(region) }
    { name: 'ImageResize__Blobs__AllowedContainers', value: imageContainers }
    { name: 'ImageResize__Thumbnails__OutputContainer', value: thumbnailContainer }
  ],

  // Container Apps don't accept an empty secret.
  empty(callbackSecrets) ? [] : [{ name: 'ImageResize__Callbacks__Secrets', secretRef: 'callback-secrets' }],
  empty(addressKey) ? [] : [{ name: 'ImageResize__Addresses__Keys__default', secretRef: 'address-key' }],
  empty(adminKey) ? [] : [{ name: 'ImageResize__AdminKey', secretRef: 'admin-key' }],
  map(addresses, (address, i) => { name: 'ImageResize__Regions__Addresses__${i}', value: address }),

  // All connections come from the few addresses of the ingress.
  toList(union({ ImageResize__Limits__ConnectionsPerAddress: '10000' }, settings))
)

var secrets = concat(
  empty(callbackSecrets) ? [] : [{ name: 'callback-secrets', value: callbackSecrets }],
  empty(addressKey) ? [] : [{ name: 'address-key', value: addressKey }],
  empty(adminKey) ? [] : [{ name: 'admin-key', value: adminKey }]
)

// The program runs as user 1654, which needs write access.
var volumes = withShare
  ? [
      {
        name: 'images'
        storageType: 'AzureFile'
        storageName: 'images'
        mountOptions: 'uid=1654,gid=1654,file_mode=0660,dir_mode=0770'
      }
    ]
  : []
var mounts = withShare ? [{ volumeName: 'images', mountPath: '/ImageResize/images' }] : []

resource api 'Microsoft.App/containerApps@2025-01-01' = {
  name: apiName
  location: location

  // azd deploys to the single app with this tag. A hook updates the other regions.
  tags: region == 0 ? union(tags, { 'azd-service-name': 'api' }) : tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${apiIdentity.id}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      ingress: { external: true, allowInsecure: false, targetPort: port, transport: 'auto' }
      registries: [{ server: registry.properties.loginServer, identity: apiIdentity.id }]
      secrets: concat(secrets, [{ name: 'api-key', value: apiKey }])
    }
    template: {
      containers: [
        {
          name: 'api'
          image: empty(apiImage) ? standIn : apiImage
          resources: { cpu: json('0.5'), memory: '1Gi' }
          env: concat(common, [
            { name: 'AZURE_CLIENT_ID', value: apiIdentity.properties.clientId }
            { name: 'ImageResize__Role', value: 'Api' }
            { name: 'ImageResize__Keys__default', secretRef: 'api-key' }
          ])
          probes: empty(apiImage)
            ? []
            : [
                {
                  type: 'Liveness'
                  httpGet: { path: '/health/live', port: port }
                  periodSeconds: 30
                  timeoutSeconds: 5
                }
                {
                  type: 'Readiness'
                  httpGet: { path: '/health/ready', port: port }
                  periodSeconds: 10
                  timeoutSeconds: 5
                }
              ]
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
  dependsOn: [apiPulls, apiRoles]
}

resource worker 'Microsoft.App/containerApps@2025-01-01' = {
  name: workerName
  location: location
  tags: region == 0 ? union(tags, { 'azd-service-name': 'worker' }) : tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${workerIdentity.id}': {} } }
  properties: {
    environmentId: environment.id
    workloadProfileName: 'Consumption'
    configuration: {
      activeRevisionsMode: 'Single'
      registries: [{ server: registry.properties.loginServer, identity: workerIdentity.id }]
      secrets: secrets
    }
    template: {
      // Time for a worker that is removed to release its messages.
      terminationGracePeriodSeconds: 30
      containers: [
        {
          name: 'worker'
          image: empty(workerImage) ? standIn : workerImage
          resources: { cpu: json(string(scaling.workerCores)), memory: '${scaling.workerCores * 2}Gi' }
          env: concat(common, [
            { name: 'AZURE_CLIENT_ID', value: workerIdentity.properties.clientId }
            { name: 'ImageResize__Role', value: 'Worker' }
          ])
          probes: empty(workerImage)
            ? []
            : [
                {
                  type: 'Liveness'
                  httpGet: { path: '/health/live', port: port }
                  periodSeconds: 30
                  timeoutSeconds: 5
                }
              ]
          volumeMounts: mounts
        }
      ]
      scale: {
        minReplicas: 0
        maxReplicas: maxWorkers
        pollingInterval: scaling.pollingIntervalSeconds
        cooldownPeriod: scaling.cooldownSeconds
        rules: [
          for queue in workQueues: {
            name: queue
            azureQueue: {
              accountName: accountName
              queueName: queue
              queueLength: endsWith(queue, '-bulk') ? bulkQueueLength : smallQueueLength
              identity: workerIdentity.id
            }
          }
        ]
      }
      volumes: volumes
    }
  }
  dependsOn: [workerPulls, workerRoles]
}

output host string = api.properties.configuration.ingress.fqdn
