// Events of new blobs in watched containers, delivered to a queue of the same account by the topic's identity.

param name string
param location string
param tags object
param accountName string
param queue string
param deadLetterContainer string

@description('Containers or prefixes: `photos` or `photos/in/`.')
param watched string[]

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: accountName
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    source: account.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }

  resource subscription 'eventSubscriptions' = [
    for (source, i) in watched: {
      name: 'watch-${i}'
      properties: {
        eventDeliverySchema: 'EventGridSchema'
        deliveryWithResourceIdentity: {
          identity: { type: 'SystemAssigned' }
          destination: {
            endpointType: 'StorageQueue'
            properties: { resourceId: account.id, queueName: queue, queueMessageTimeToLiveInSeconds: -1 }
          }
        }
        deadLetterWithResourceIdentity: {
          identity: { type: 'SystemAssigned' }
          deadLetterDestination: {
            endpointType: 'StorageBlob'
            properties: { resourceId: account.id, blobContainerName: deadLetterContainer }
          }
        }
        filter: {
          includedEventTypes: ['Microsoft.Storage.BlobCreated']
          isSubjectCaseSensitive: true
          subjectBeginsWith: '/blobServices/default/containers/${split(source, '/')[0]}/blobs/${join(skip(split(source, '/'), 1), '/')}'
        }
        retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
      }
      dependsOn: [roles]
    }
  ]
}

module roles 'roles.bicep' = {
  name: 'roles-${name}'
  params: {
    accountName: accountName
    #disable-next-line what-if-short-circuiting // names of assignments contain the principal
    principalId: topic.identity.principalId
    queues: [{ queue: queue, role: 'Storage Queue Data Message Sender' }]
    containers: [{ container: deadLetterContainer, role: 'Storage Blob Data Contributor' }]
  }
}
