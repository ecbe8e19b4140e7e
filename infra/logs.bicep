// The Log Analytics workspace and Application Insights of one region, with alerts and a workbook.

param name string
param location string
param tags object

@description('Gigabytes of logs a day, after which the workspace takes no more until the next day. -1: no limit.')
@minValue(-1)
param dailyGigabytes int

@description('Who is notified of alerts. Empty notifies nobody.')
param actionGroupIds string[]

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
    workspaceCapping: { dailyQuotaGb: dailyGigabytes }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: name
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspace.id, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'ImageResize ${name}'
    category: 'workbook'
    sourceId: workspace.id
    version: '1.0'
    serializedData: loadTextContent('workbook.json')
  }
}

module alerts 'alerts.bicep' = {
  name: 'alerts-${name}'
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: workspace.id
    actionGroupIds: actionGroupIds
  }
}

output workspaceId string = workspace.id
