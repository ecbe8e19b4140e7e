// The environment of one region's container apps, and the optional file share with images.

param name string
param location string
param tags object
param workspaceId string

@description('Name of the file share\'s storage account. Empty for no share.')
param shareAccountName string

@description('The subnet of the apps, if they have one.')
param subnetId string

param zoneRedundant bool

resource environment 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    // Logs are sent through Azure Monitor, because the direct connection needs the workspace's key.
    appLogsConfiguration: { destination: 'azure-monitor' }
    vnetConfiguration: empty(subnetId) ? null : { infrastructureSubnetId: subnetId, internal: false }

    // Zones need a network.
    zoneRedundant: zoneRedundant && !empty(subnetId)
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
  }
}

resource shareAccount 'Microsoft.Storage/storageAccounts@2024-01-01' existing = if (!empty(shareAccountName)) {
  name: shareAccountName
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: environment
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

output domain string = environment.properties.defaultDomain
