// One address for several regions. Requests go to the nearest region that is ready.

param name string
param tags object
param hosts string[]

resource profile 'Microsoft.Cdn/profiles@2024-09-01' = {
  name: name
  location: 'global'
  tags: tags
  sku: { name: 'Standard_AzureFrontDoor' }

  // Large thumbnails and archives can take longer than the default timeout.
  properties: { originResponseTimeoutSeconds: 240 }

  resource endpoint 'afdEndpoints' = {
    name: name
    location: 'global'
    properties: { enabledState: 'Enabled' }

    resource route 'routes' = {
      name: 'all'
      properties: {
        originGroup: { id: regions.id }
        patternsToMatch: ['/*']
        supportedProtocols: ['Http', 'Https']
        httpsRedirect: 'Enabled'
        forwardingProtocol: 'HttpsOnly'
        linkToDefaultDomain: 'Enabled'
      }
      dependsOn: [regions::origin]
    }
  }

  resource regions 'originGroups' = {
    name: 'regions'
    properties: {
      // With 0 ms, only the nearest healthy region is used.
      loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3, additionalLatencyInMilliseconds: 0 }
      healthProbeSettings: {
        probePath: '/health/ready'
        probeProtocol: 'Https'

        // Many locations probe. Each probe of a stopped app starts it, and each GET of a running one is a billed second.
        probeRequestType: 'HEAD'
        probeIntervalInSeconds: 120
      }
    }

    resource origin 'origins' = [
      for (host, i) in hosts: {
        name: 'region-${i}'
        properties: {
          hostName: host
          originHostHeader: host
          httpsPort: 443
          priority: 1
          weight: 1000
          enforceCertificateNameCheck: true
        }
      }
    ]
  }
}

output address string = 'https://${profile::endpoint.properties.hostName}'
