// Role assignments of one identity in one storage account. Their names contain the identity, because an assignment of a deleted identity
// can't be changed to another: recreated identities need assignments of their own.

param accountName string
param principalId string

@description('Empty if it isn\'t known, as for the person or pipeline that deploys.')
param principalType ('ServicePrincipal' | '') = 'ServicePrincipal'

@description('Roles on the whole account, for tables and containers that are created daily.')
param account string[] = []

@description('Roles on queues.')
param queues { queue: string, role: string }[] = []

@description('Roles on containers.')
param containers { container: string, role: string }[] = []

// Built-in roles, which have the same ids in all subscriptions.
var roles = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Storage Queue Data Message Sender': 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
  'Storage Queue Data Reader': '19e7f393-937e-4f77-808e-94535e297925'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: accountName

  resource queueService 'queueServices' existing = {
    name: 'default'

    resource queue 'queues' existing = [for assignment in queues: { name: assignment.queue }]
  }

  resource blobService 'blobServices' existing = {
    name: 'default'

    resource container 'containers' existing = [for assignment in containers: { name: assignment.container }]
  }
}

resource onAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in account: {
    name: guid(storage.id, principalId, role)
    scope: storage
    properties: {
      principalId: principalId
      principalType: empty(principalType) ? null : principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[role])
    }
  }
]

resource onQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (assignment, i) in queues: {
    name: guid(storage.id, assignment.queue, principalId, assignment.role)
    scope: storage::queueService::queue[i]
    properties: {
      principalId: principalId
      principalType: empty(principalType) ? null : principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[assignment.role])
    }
  }
]

resource onContainer 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (assignment, i) in containers: {
    name: guid(storage.id, assignment.container, principalId, assignment.role)
    scope: storage::blobService::container[i]
    properties: {
      principalId: principalId
      principalType: empty(principalType) ? null : principalType
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles[assignment.role])
    }
  }
]
