// azd deploys containers.bicep with these parameters. main.bicep got the same ones, and wrote what else is needed as outputs.

using 'containers.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param image = readEnvironmentVariable('SERVICE_CONTAINERS_IMAGE_NAME')
param secretNames = readEnvironmentVariable('IMAGERESIZE_SECRET_NAMES')
param addresses = json(readEnvironmentVariable('IMAGERESIZE_API_ADDRESSES'))
param otherLocations = readEnvironmentVariable('IMAGERESIZE_OTHER_LOCATIONS', '')
param imagesShare = readEnvironmentVariable('IMAGERESIZE_IMAGES_SHARE', '') == 'true'
param watchedContainers = readEnvironmentVariable('IMAGERESIZE_WATCHED_CONTAINERS', '')

// A workflow sets variables that have no value to an empty text.
var containers = readEnvironmentVariable('IMAGERESIZE_IMAGE_CONTAINERS', '')
param imageContainers = empty(containers) ? 'images' : containers
var minimum = readEnvironmentVariable('IMAGERESIZE_MIN_APIS', '')
param minApis = int(empty(minimum) ? '1' : minimum)

param stableRevisions = readEnvironmentVariable('IMAGERESIZE_STABLE_REVISIONS', '')
var percent = readEnvironmentVariable('IMAGERESIZE_NEW_PERCENT', '')
param newPercent = int(empty(percent) ? '10' : percent)
