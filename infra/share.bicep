// The optional file share with images. Container Apps can mount a share only with its account's key, so it has a separate account.

param name string
param location string
param tags object

@description('Without, only private endpoints have access.')
param publicAccess bool

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    allowSharedKeyAccess: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    networkAcls: { defaultAction: publicAccess ? 'Allow' : 'Deny', bypass: 'None' }
  }

  resource files 'fileServices' = {
    name: 'default'

    resource share 'shares' = {
      name: 'images'
      properties: { shareQuota: 100 }
    }
  }
}
