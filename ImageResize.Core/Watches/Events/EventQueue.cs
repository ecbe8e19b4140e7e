using ImageResize.Core.Messages;

namespace ImageResize.Core.Watches.Events;

/// <summary>The queue that Event Grid sends events of blobs to.</summary>
/// <param name="BlobEndpoint">Of the account whose blobs are read. Events of other accounts are ignored.</param>
public sealed record EventQueue(IMessageReceiver Messages, Uri BlobEndpoint);
