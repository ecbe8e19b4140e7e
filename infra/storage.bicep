// The storage account of one region: queues, tables and blobs, reached by identity alone.

param name string
param location string
param tags object

@description('Containers that are there from the beginning: images, thumbnails, and the host\'s own.')
param containers string[]

@description('The queues that messages are put on; each has a poison queue beside it.')
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
