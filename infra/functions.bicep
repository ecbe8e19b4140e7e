// The function app of one region: an isolated-worker app on Flex Consumption. Its identity and its roles exist before it.

import { listOf, secretSettings } from 'names.bicep'
import { FlexOptions, toList } from 'settings.bicep'

param name string
param location string
param tags object
param accountName string
param blobEndpoint string
param insightsName string
param identityId string
param clientId string
param vaultName string

@description('Names of the secrets in the vault.')
param secretNames string[]

@description('Whether events of watched containers are delivered to a queue.')
param hasEvents bool

param deploymentContainer string
param region int
param addresses string[]
param imageContainers string
param thumbnailContainer string
param settings object
param options FlexOptions

@description('The subnet of the app, if it has one.')
param subnetId string

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { tier: 'FlexConsumption', name: 'FC1' }
  properties: { reserved: true, zoneRedundant: options.zoneRedundant }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location

  // azd deploys to the app with this tag, and to one alone; the other regions get the same package by a hook.
  tags: region == 0 ? union(tags, { 'azd-service-name': 'functions' }) : tags
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${blobEndpoint}${deploymentContainer}'
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      #disable-next-line BCP037 // Azure has it, the compiler doesn't know it yet.
      siteUpdateStrategy: options.updates == 'Recreate' ? null : { type: options.updates }
      scaleAndConcurrency: {
        instanceMemoryMB: options.instanceMemory
        maximumInstanceCount: options.maxInstances
        triggers: { http: { perInstanceConcurrency: options.requestsPerInstance } }
        alwaysReady: map(
          map(listOf(options.alwaysReady), entry => split(entry, '=')),
          parts => { name: parts[0], instanceCount: int(parts[1]) }
        )
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'

      // The platform answers browsers itself.
      cors: { allowedOrigins: listOf(settings.?ImageResize__AllowedOrigins ?? '') }

      // Flex Consumption has the runtime, its version and the package in functionAppConfig, and refuses settings for them.
      appSettings: concat(
        [
          { name: 'AzureWebJobsStorage__accountName', value: accountName }
          { name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }
          { name: 'AzureWebJobsStorage__clientId', value: clientId }
          // For the program's own clients.
          { name: 'AZURE_CLIENT_ID', value: clientId }
          { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: insights.properties.ConnectionString }
          { name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING', value: 'ClientId=${clientId};Authorization=AAD' }
          // Heaps that libvips' threads share, or memory grows for hours: docs/decisions/libvips.md.
          { name: 'MALLOC_ARENA_MAX', value: '2' }
          { name: 'ImageResize__Regions__Number', value: string(region) }
          { name: 'ImageResize__Blobs__AllowedContainers', value: imageContainers }
          { name: 'ImageResize__Thumbnails__OutputContainer', value: thumbnailContainer }
          // A timer would keep an instance running, and a queue that does not exist can't be read.
          { name: 'AzureWebJobs.ListWatches.Disabled', value: 'true' }
          { name: 'AzureWebJobs.ProcessEvents.Disabled', value: hasEvents ? 'false' : 'true' }
        ],
        map(secretNames, secret => {
          name: secretSettings[secret]
          value: '@Microsoft.KeyVault(VaultName=${vaultName};SecretName=${secret})'
        }),
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

output host string = app.properties.defaultHostName
