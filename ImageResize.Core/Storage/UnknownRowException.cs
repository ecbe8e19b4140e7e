namespace ImageResize.Core.Storage;

/// <summary>A row as none of ours is: while instances are exchanged one by one, a newer one may have written it, and can read it.</summary>
internal sealed class UnknownRowException(Exception reason) : Exception("holds a row that this version cannot read", reason);
