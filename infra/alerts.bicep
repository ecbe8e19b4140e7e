// The alerts of ops/prometheus/alerts.yml, for Application Insights. Without an action group they are shown in the portal only.

param name string
param location string
param tags object
param workspaceId string

@description('Who is notified. Empty notifies nobody.')
param actionGroupIds string[] = []

var queues = 'AppMetrics | where Name == "imageresize.queue.messages" | extend Queue = tostring(Properties["imageresize.queue"]) | summarize Messages = max(Max) by Queue, bin(TimeGenerated, 5m)'
var jobs = 'AppMetrics | where Name == "imageresize.jobs.finished" | extend State = tostring(Properties["imageresize.job.state"])'

var alerts = [
  {
    name: 'backlog-grows'
    text: 'A queue has more than 100 messages and grows.'
    severity: 2
    window: 'PT30M'
    query: '${queues} | where Queue !endswith "-poison" | summarize (First, Before) = arg_min(TimeGenerated, Messages), (Last, Now) = arg_max(TimeGenerated, Messages) by Queue | where Now > 100 and Now > Before'
  }
  {
    name: 'jobs-fail'
    text: 'More than 20 % of jobs fail.'
    severity: 2
    window: 'PT15M'
    query: '${jobs} | summarize Failed = sumif(Sum, State == "failed"), All = sum(Sum) | where All > 20 and Failed > 0.2 * All'
  }
  {
    name: 'nothing-is-processed'
    text: 'Messages are queued, but no job has ended for 10 minutes.'
    severity: 1
    window: 'PT10M'
    query: 'AppMetrics | extend Queue = tostring(Properties["imageresize.queue"]) | summarize Waiting = maxif(Max, Name == "imageresize.queue.messages" and Queue !endswith "-poison"), Age = maxif(Max, Name == "imageresize.queue.oldest_message.age" and Queue !endswith "-poison"), Ended = sumif(Sum, Name == "imageresize.jobs.finished") | where Waiting > 0 and Age > 120 and Ended == 0'
  }
  {
    name: 'poison-not-empty'
    text: 'Messages could not be given up.'
    severity: 2
    window: 'PT10M'
    query: '${queues} | where Queue endswith "-poison" and Messages > 0'
  }
  {
    name: 'oldest-message'
    text: 'A message has been queued for more than 10 minutes.'
    severity: 2
    window: 'PT10M'
    query: 'AppMetrics | where Name == "imageresize.queue.oldest_message.age" | extend Queue = tostring(Properties["imageresize.queue"]) | where Queue !endswith "-poison" | summarize Seconds = min(Max) by Queue | where Seconds > 600'
  }
  {
    name: 'not-ready'
    text: 'An instance has not been ready for 5 minutes.'
    severity: 1
    window: 'PT1H'
    query: 'AppTraces | extend Event = tostring(Properties.EventName) | where Event startswith "Readiness" | summarize (Last, State) = arg_max(TimeGenerated, Event) by AppRoleInstance | where State == "ReadinessNotReady" and Last < ago(5m)'
  }
  {
    name: 'instance-gone'
    text: 'No instance has sent metrics while messages are queued in the last hour.'
    severity: 1
    window: 'PT1H'
    query: 'AppMetrics | where Name == "imageresize.queue.messages" | summarize (Last, Waiting) = arg_max(TimeGenerated, Max) | where Last < ago(15m) and Waiting > 0'
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in alerts: {
    name: '${name}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'ImageResize: ${alert.name}'
      description: '${alert.text} See docs/operations.md.'
      severity: alert.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT5M'
      windowSize: alert.window
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true

      // A new workspace has no table yet.
      skipQueryValidation: true
      actions: { actionGroups: actionGroupIds }
    }
  }
]
