// DNS zones in which the names of storage accounts have private addresses. One set serves all regions.

param tags object
param services ('blob' | 'file' | 'queue' | 'table')[]

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for service in services: {
    name: 'privatelink.${service}.${environment().suffixes.storage}'
    location: 'global'
    tags: tags
  }
]
