// What the container apps of one region run in, and the optional share of images.

param name string
param location string
param tags object
param workspaceId string

@description('Name of the share\'s storage account; empty for none.')
param shareAccountName string

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    // Through Azure Monitor, since the direct way asks for the workspace's key.
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

// Container Apps mount a share by its account's key and in no other way. So it has an account of its own, and the key opens nothing else.
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
