// The key vault of one region. Apps read its secrets with their identities. A secret without a value isn't created.

param name string
param location string
param tags object
param workspaceId string

@secure()
param apiKey string

@secure()
param addressKey string

@secure()
param adminKey string

@secure()
param callbackSecrets string

@description('The identity that may read all secrets.')
param reader string

@description('The identity of the worker, if there is one. It may read all secrets but the callers\' key.')
param worker string

var secretsUser = subscriptionResourceId(
  'Microsoft.Authorization/roleDefinitions',
  '4633458b-17de-408a-b874-0445c86b69e6'
)

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    softDeleteRetentionInDays: 7
  }

  resource api 'secrets' = if (!empty(apiKey)) {
    name: 'api-key'
    properties: { value: apiKey }
  }

  resource address 'secrets' = if (!empty(addressKey)) {
    name: 'address-key'
    properties: { value: addressKey }
  }

  resource admin 'secrets' = if (!empty(adminKey)) {
    name: 'admin-key'
    properties: { value: adminKey }
  }

  resource callback 'secrets' = if (!empty(callbackSecrets)) {
    name: 'callback-secrets'
    properties: { value: callbackSecrets }
  }
}

resource readsAll 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, reader, secretsUser)
  scope: vault
  properties: { principalId: reader, principalType: 'ServicePrincipal', roleDefinitionId: secretsUser }
}

resource readsAddressKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(worker) && !empty(addressKey)) {
  name: guid(vault::address.id, worker, secretsUser)
  scope: vault::address
  properties: { principalId: worker, principalType: 'ServicePrincipal', roleDefinitionId: secretsUser }
}

resource readsAdminKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(worker) && !empty(adminKey)) {
  name: guid(vault::admin.id, worker, secretsUser)
  scope: vault::admin
  properties: { principalId: worker, principalType: 'ServicePrincipal', roleDefinitionId: secretsUser }
}

resource readsCallbackSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(worker) && !empty(callbackSecrets)) {
  name: guid(vault::callback.id, worker, secretsUser)
  scope: vault::callback
  properties: { principalId: worker, principalType: 'ServicePrincipal', roleDefinitionId: secretsUser }
}

resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}
