// The function app of one region: an isolated-worker app on Flex Consumption.

import { toList } from 'settings.bicep'

param name string
param location string
param tags object
param accountName string
param blobEndpoint string
param insightsName string
param workQueues string[]

@description('Whether events of watched containers are delivered to a queue.')
param hasEvents bool

param deploymentContainer string
param region int
param addresses string[]
param imageContainers string
param thumbnailContainer string

@secure()
param callbackSecrets string

@secure()
param addressKey string

@secure()
param adminKey string

param settings object

@minValue(1)
@maxValue(1000)
param maxInstances int

// As Monitoring Metrics Publisher the host may write to Application Insights, and that is all.
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location

  // azd deploys to the app with this tag, and to one alone; the other regions get the same package by a hook.
  tags: region == 0 ? union(tags, { 'azd-service-name': 'functions' }) : tags
  kind: 'functionapp,linux'
  identity: { type: 'SystemAssigned' }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}${deploymentContainer}'
          authentication: { type: 'SystemAssignedIdentity' }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: { instanceMemoryMB: 2048, maximumInstanceCount: maxInstances }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'

      // The platform answers browsers itself.
      cors: {
        allowedOrigins: map(
          filter(split(settings.?ImageResize__AllowedOrigins ?? '', ','), page => !empty(trim(page))),
          page => trim(page)
        )
      }
      appSettings: concat(
        [
          { name: 'AzureWebJobsStorage__accountName', value: accountName }
          // Heaps that libvips' threads share, or memory grows for hours: docs/decisions/libvips.md.
          { name: 'MALLOC_ARENA_MAX', value: '2' }
          { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights.properties.ConnectionString }
          { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'Authorization=AAD' }
          { name: 'ImageResize__Regions__Number', value: string(region) }
          { name: 'ImageResize__Blobs__AllowedContainers', value: imageContainers }
          { name: 'ImageResize__Thumbnails__OutputContainer', value: thumbnailContainer }
          { name: 'ImageResize__Callbacks__Secrets', value: callbackSecrets }
          { name: 'ImageResize__AdminKey', value: adminKey }
        ],
        // A timer would keep an instance running, and a queue that does not exist can't be read.
        [
          { name: 'AzureWebJobs.ListWatches.Disabled', value: 'true' }
          { name: 'AzureWebJobs.ProcessEvents.Disabled', value: hasEvents ? 'false' : 'true' }
        ],
        empty(addressKey) ? [] : [{ name: 'ImageResize__Addresses__Keys__default', value: addressKey }],
        map(addresses, (address, i) => { name: 'ImageResize__Regions__Addresses__${i}', value: address }),
        toList(settings)
      )
    }
  }

  // No user names and passwords for publishing either.
  resource noFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

// Data Owner is what the Functions host asks for on its own storage; the app needs no more than Contributor.
module roles 'roles.bicep' = {
  name: 'roles-${name}'
  params: {
    accountName: accountName
    principalId: app.identity.principalId
    app: name
    account: ['Storage Blob Data Owner', 'Storage Blob Delegator', 'Storage Table Data Contributor']
    queues: [
      for queue in flatten(map(workQueues, work => [work, '${work}-poison'])): {
        queue: queue
        role: 'Storage Queue Data Contributor'
      }
    ]
  }
}

resource publishMetrics 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, app.id, metricsPublisher)
  scope: insights
  properties: {
    principalId: app.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}

output host string = app.properties.defaultHostName
