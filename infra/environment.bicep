// The environment of one region's container apps, and the optional file share with images.

param name string
param location string
param tags object
param workspaceId string

@description('Name of the file share\'s storage account. Empty for no share.')
param shareAccountName string

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    // Logs are sent through Azure Monitor, because the direct connection needs the workspace's key.
    appLogsConfiguration: { destination: 'azure-monitor' }
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
  }

  resource images 'storages' = if (!empty(shareAccountName)) {
    name: 'images'
    properties: {
      azureFile: {
        accountName: shareAccountName
        accountKey: shareAccount!.listKeys().keys[0].value
        shareName: 'images'
        accessMode: 'ReadWrite'
      }
    }
    dependsOn: [shareAccount::files::share]
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: environment
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

// Container Apps can mount a share only with its account's key, so the share has a separate account.
resource shareAccount 'Microsoft.Storage/storageAccounts@2024-01-01' = if (!empty(shareAccountName)) {
  name: shareAccountName
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
  }

  resource files 'fileServices' = {
    name: 'default'

    resource share 'shares' = {
      name: 'images'
      properties: { shareQuota: 100 }
    }
  }
}

output domain string = environment.properties.defaultDomain
