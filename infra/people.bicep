// Who is notified of alerts and of costs.

param name string
param tags object

@description('Email addresses.')
@minLength(1)
param emails string[]

@description('The costs of a month, in the currency of the subscription, of which 80 % and 100 % are notified. 0: none.')
@minValue(0)
param monthlyBudget int

@description('The month in which the budget starts. A start in the past is refused when a budget is created.')
param month string = utcNow('yyyy-MM')

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'ImageResize'
    enabled: true
    emailReceivers: [for (email, i) in emails: { name: 'email-${i}', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = if (monthlyBudget > 0) {
  name: name
  properties: {
    category: 'Cost'
    amount: monthlyBudget
    timeGrain: 'Monthly'
    timePeriod: { startDate: '${month}-01T00:00:00Z' }
    notifications: {
      most: { enabled: true, operator: 'GreaterThan', threshold: 80, thresholdType: 'Actual', contactEmails: emails }
      all: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: emails
      }
    }
  }
}

output groupId string = group.id
