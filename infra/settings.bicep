// The settings of docs/settings.md that can be passed to a deployment. Other names don't compile. The modules set those that depend on
// the deployment itself, such as the account, role, regions, keys and containers.

@export()
@sealed()
type Settings = {
  ImageResize__Addresses__CacheMegabytes: string?
  ImageResize__Addresses__CheckSeconds: string?
  ImageResize__Addresses__MaxAgeSeconds: string?
  ImageResize__Addresses__RetentionDays: string?
  ImageResize__Addresses__UnsignedPresets: string?
  ImageResize__Addresses__WebSeconds: string?
  ImageResize__AllowedOrigins: string?
  ImageResize__Direct__MaxRequests: string?
  ImageResize__Direct__MaxRequestsPerCaller: string?
  ImageResize__Direct__TimeoutSeconds: string?
  ImageResize__Identity__AdminRole: string?
  ImageResize__Identity__Audience: string?
  ImageResize__Identity__Authority: string?
  ImageResize__Identity__EasyAuth: string?
  ImageResize__Identity__Issuer: string?
  ImageResize__Identity__ReadRole: string?
  ImageResize__Identity__SingleUse: string?
  ImageResize__Identity__SubmitRole: string?
  ImageResize__Imaging__AvifQuality: string?
  ImageResize__Imaging__DeadlineSeconds: string?
  ImageResize__Imaging__Isolation: string?
  ImageResize__Imaging__JpegQuality: string?
  ImageResize__Imaging__MaxFrames: string?
  ImageResize__Imaging__MaxMeasuredMegapixels: string?
  ImageResize__Imaging__MaxMegapixels: string?
  ImageResize__Imaging__WebPQuality: string?
  ImageResize__Jobs__MaxFolderImages: string?
  ImageResize__Jobs__RetentionDays: string?
  ImageResize__Jobs__SliceBudgetSeconds: string?
  ImageResize__Limits__Burst: string?
  ImageResize__Limits__BytesPerDay: string?
  ImageResize__Limits__ConcurrentUploads: string?
  ImageResize__Limits__ConcurrentWaits: string?
  ImageResize__Limits__ConnectionsPerAddress: string?
  ImageResize__Limits__HeadersSeconds: string?
  ImageResize__Limits__KeepAliveSeconds: string?
  ImageResize__Limits__AnswerSeconds: string?
  ImageResize__Limits__MaxConnections: string?
  ImageResize__Limits__OpenSeconds: string?
  ImageResize__Limits__RequestsPerMinute: string?
  ImageResize__Limits__UploadsPerMinute: string?
  ImageResize__Logging__Folder: string?
  ImageResize__Logging__MaxDays: string?
  ImageResize__Logging__MaxMegabytes: string?
  ImageResize__Proxy__PathPrefix: string?
  ImageResize__Proxy__Trusted: string?
  ImageResize__Sources__MaxBytes: string?
  ImageResize__Sources__MaxBytesInMemory: string?
  ImageResize__Storage__TablePrefix: string?
  ImageResize__Thumbnails__LinkSeconds: string?
  ImageResize__Thumbnails__RetentionDays: string?
  ImageResize__Uploads__MaxBytes: string?
  ImageResize__Uploads__MaxParts: string?
  ImageResize__Web__AllowedHosts: string?
  ImageResize__Web__ConnectionsPerHost: string?
  ImageResize__Web__Enabled: string?
  ImageResize__Web__IdleTimeoutSeconds: string?
  ImageResize__Web__MaxBytes: string?
  ImageResize__Web__MaxRedirects: string?
  ImageResize__Web__TimeoutSeconds: string?
}

@export()
@sealed()
@description('A thumbnail that callers request by name, with the properties of `{ "thumbnail": { ... } }`.')
type Preset = {
  width: int?
  height: int?
  fit: ('inside' | 'cover' | 'fill')?
  gravity: ('centre' | 'attention')?
  format: ('same' | 'jpeg' | 'png' | 'webp' | 'avif')?
  quality: int?
  background: string?
  metadata: ('copyright' | 'colourProfile')[]?
  animated: bool?
}

@export()
@sealed()
@description('A container or prefix whose images are processed as they appear.')
type Watch = {
  @description('`blob://photos/in/**`')
  source: string

  preset: string?

  @description('Instead of a preset: actions as JSON.')
  actions: string?

  callback: string?
  caller: string?

  @description('Pause between two listings by container apps. 0: only events.')
  intervalSeconds: int?
}

@export()
@sealed()
@description('How the function app runs, for all regions.')
type FlexOptions = {
  @minValue(1)
  @maxValue(1000)
  maxInstances: int

  @description('In MB.')
  instanceMemory: 512 | 2048 | 4096

  @description('Concurrent HTTP requests of an instance, before another is started.')
  @minValue(1)
  @maxValue(1000)
  requestsPerInstance: int

  @description('Instances that always run, for example `http=1,function:ProcessWork=1`.')
  alwaysReady: string

  @description('Recreate ends running work. RollingUpdate lets it finish, but is a preview.')
  updates: 'Recreate' | 'RollingUpdate'

  zoneRedundant: bool
}

@export()
@description('Converts watches to settings. Without an interval, images are found by events.')
func ofWatches(watches object) object =>
  reduce(
    items(watches),
    {},
    (all, watch) =>
      union(all, ofWatch('ImageResize__Watches__${watch.key}', union({ intervalSeconds: 0 }, watch.value)))
  )

func ofWatch(name string, watch object) object =>
  toObject(items(watch), value => '${name}__${value.key}', value => string(value.value))

@export()
@description('Converts presets to settings.')
func ofPresets(presets object) object =>
  reduce(items(presets), {}, (all, preset) => union(all, ofPreset('ImageResize__Presets__${preset.key}', preset.value)))

func ofPreset(name string, preset object) object =>
  union(
    toObject(
      filter(items(preset), value => value.key != 'metadata'),
      value => '${name}__${value.key}',
      value => string(value.value)
    ),
    toObject(range(0, length(preset.?metadata ?? [])), i => '${name}__metadata__${i}', i => preset.metadata[i])
  )

@export()
@description('Converts settings to the list of names and values that Azure expects.')
func toList(settings object) { name: string, value: string }[] =>
  map(items(settings), setting => { name: setting.key, value: setting.value })
