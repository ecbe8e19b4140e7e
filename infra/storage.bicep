// The storage account of one region. Access requires an identity; account keys are disabled.

param name string
param location string
param tags object

@description('Containers to create: for images, thumbnails and the Functions host.')
param containers string[]

@description('Queues to create, each with a poison queue.')
param workQueues string[]

var queues = flatten(map(workQueues, queue => [queue, '${queue}-poison']))

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      // Pages send large uploads to signed addresses, which are secrets of their callers. So the page's origin needs no check.
      cors: {
        corsRules: [
          {
            allowedOrigins: ['*']
            allowedMethods: ['PUT']
            allowedHeaders: ['content-type', 'x-ms-*']
            exposedHeaders: []
            maxAgeInSeconds: 3600
          }
        ]
      }
    }

    resource container 'containers' = [
      for container in containers: {
        name: container
        properties: { publicAccess: 'None' }
      }
    ]
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource queue 'queues' = [for queue in queues: { name: queue }]
  }
}

output blobEndpoint string = account.properties.primaryEndpoints.blob
