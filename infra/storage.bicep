// The storage account of one region. Access requires an identity; account keys are disabled.

param name string
param location string
param tags object
param workspaceId string

@description('Containers to create: for images, thumbnails and the Functions host.')
param containers string[]

@description('Queues to create, each with a poison queue.')
param workQueues string[]

@description('Whether data is stored in three zones of the region.')
param zoneRedundant bool

@description('Without, only private endpoints and services that Azure trusts have access.')
param publicAccess bool

@description('How long deleted and overwritten blobs can be restored. 0: not at all.')
@minValue(0)
@maxValue(365)
param softDeleteDays int

@description('Containers whose blobs are deleted 30 days after they were written.')
param expiringContainers string[]

var queues = flatten(map(workQueues, queue => [queue, '${queue}-poison']))
var softDelete = softDeleteDays == 0 ? { enabled: false } : { enabled: true, days: max(1, softDeleteDays) }

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: zoneRedundant ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'

    // Event Grid delivers from a service that Azure trusts.
    networkAcls: { defaultAction: publicAccess ? 'Allow' : 'Deny', bypass: 'AzureServices' }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: {
      deleteRetentionPolicy: softDelete
      containerDeleteRetentionPolicy: softDelete

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

  resource lifecycle 'managementPolicies' = if (!empty(expiringContainers)) {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'expire'
            type: 'Lifecycle'
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: map(expiringContainers, container => '${container}/') }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } } }
            }
          }
        ]
      }
    }
    dependsOn: [blobs]
  }
}

resource metrics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'metrics'
  scope: account
  properties: {
    workspaceId: workspaceId
    metrics: [{ category: 'Transaction', enabled: true }]
  }
}

output blobEndpoint string = account.properties.primaryEndpoints.blob
