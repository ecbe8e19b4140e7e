// The network of one region, with private endpoints of its storage accounts.

param name string
param location string
param tags object

@description('The number of the region, which is part of its addresses.')
param region int

@description('Storage accounts and the services of each that need an endpoint.')
param accounts { name: string, service: ('blob' | 'file' | 'queue' | 'table') }[]

@description('Services whose DNS zones the regions share.')
param services ('blob' | 'file' | 'queue' | 'table')[]

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.${region}.0.0/16'] }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: '10.${region}.0.0/23'
          // Both shapes need this delegation.
          delegations: [{ name: 'apps', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      { name: 'endpoints', properties: { addressPrefix: '10.${region}.2.0/24' } }
    ]
  }

  resource apps 'subnets' existing = {
    name: 'apps'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = [
  for account in accounts: {
    name: account.name
  }
]

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = [
  for (account, i) in accounts: {
    name: '${account.name}-${account.service}'
    location: location
    tags: tags
    properties: {
      subnet: { id: network::endpoints.id }
      privateLinkServiceConnections: [
        {
          name: account.service
          properties: { privateLinkServiceId: storage[i].id, groupIds: [account.service] }
        }
      ]
    }
  }
]

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-05-01' = [
  for (account, i) in accounts: {
    parent: endpoint[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        { name: account.service, properties: { privateDnsZoneId: zone[indexOf(services, account.service)].id } }
      ]
    }
  }
]

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = [
  for service in services: {
    name: 'privatelink.${service}.${environment().suffixes.storage}'
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (service, i) in services: {
    parent: zone[i]
    name: name
    location: 'global'
    tags: tags
    properties: { registrationEnabled: false, virtualNetwork: { id: network.id } }
  }
]

output appsSubnetId string = network::apps.id
