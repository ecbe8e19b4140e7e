namespace ImageResize.Core.Storage.Resilience;

/// <summary>A row that this version cannot read. During an update, a newer instance may have written it.</summary>
internal sealed class UnknownRowException(Exception reason) : Exception("holds a row that this version cannot read", reason);
