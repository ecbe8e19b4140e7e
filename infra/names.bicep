// Names that several templates use. They don't depend on deployed resources, so what-if can predict all changes.

@export()
@description('The part of names that makes them unique.')
func tokenOf(subscriptionId string, environmentName string) string =>
  toLower(uniqueString(subscriptionId, environmentName))

@export()
@description('Splits a list that is separated by commas.')
func listOf(text string) string[] => filter(map(split(text, ','), item => trim(item)), item => !empty(item))

@export()
func accountName(token string, region int) string => 'st${token}${region}'

@export()
func shareAccountName(token string, region int) string => 'fs${token}${region}'

@export()
func logsName(token string, region int) string => 'logs-${token}-${region}'

@export()
func functionName(token string, region int) string => 'func-${token}-${region}'

@export()
func environmentName(token string, region int) string => 'cae-${token}-${region}'

@export()
func vaultName(token string, region int) string => 'kv-${token}-${region}'

@export()
func networkName(token string, region int) string => 'net-${token}-${region}'

@export()
func registryName(token string) string => 'cr${token}'

@export()
@description('The names that the program and its triggers use.')
var workQueues = ['imageresize-work', 'imageresize-work-bulk']

@export()
var eventQueue = 'imageresize-work-events'

@export()
@description('Secrets of the vault by the setting that reads them.')
var secretSettings = {
  'address-key': 'ImageResize__Addresses__Keys__default'
  'admin-key': 'ImageResize__AdminKey'
  'callback-secrets': 'ImageResize__Callbacks__Secrets'
}
