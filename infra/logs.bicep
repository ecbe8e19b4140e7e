// The Log Analytics workspace of one region.

param name string
param location string
param tags object

@description('Whether to create Application Insights, which the Functions host writes to.')
param withInsights bool

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = if (withInsights) {
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

module alerts 'alerts.bicep' = if (withInsights) {
  name: 'alerts-${name}'
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: workspace.id
  }
}

output workspaceId string = workspace.id
