// The roles of one app: in storage, in Application Insights and in the container registry.

param accountName string
param insightsName string
param principalId string

@description('Empty for a function app, which has no image.')
param registryName string = ''

@description('Roles on the whole account.')
param account string[]

param queues { queue: string, role: string }[]

// With Monitoring Metrics Publisher an app may write to Application Insights, and that is all.
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'
var acrPull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = if (!empty(registryName)) {
  name: registryName
}

module storage 'roles.bicep' = {
  name: 'storage-${uniqueString(principalId)}'
  params: {
    accountName: accountName
    principalId: principalId
    account: account
    queues: queues
  }
}

resource publishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, metricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}

resource pulls 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(registryName)) {
  name: guid(registry.id, principalId, acrPull)
  scope: registry
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', acrPull)
  }
}
