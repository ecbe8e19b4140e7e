using ImageResize.Core.Errors;

namespace ImageResize.OpenApi.Operations;

/// <summary>Addresses that are thumbnails.</summary>
internal static class AddressOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/t/{signature}/{options}/{source}", "getAddressed", "Direct", "Get the thumbnail that an address names")
        {
            Description =
                "Needs no key, because the address is signed. The thumbnail is made by the first request and stored. " +
                "`docs/addresses.md` has the table of options, the signature and test vectors.",
            Access = Access.Public,
            Answers =
            [
                new(200, "The thumbnail.", new Content("image/*", Schema: null)) { Headers = ["ETag", "Cache-Control", "Vary"] },
                new(304, "The thumbnail is that of the `ETag` in `If-None-Match`.")
                {
                    Headers = ["ETag", "Cache-Control", "Vary"],
                },
                new(308, "The options in canonical form. Only this address is answered with the thumbnail.")
                {
                    Headers = ["Location", "Cache-Control"],
                },
            ],
            Errors =
            [
                ErrorCode.InvalidRequest, ErrorCode.InvalidSignature, ErrorCode.AddressExpired, ErrorCode.UnknownPreset,
                ErrorCode.InvalidSource, ErrorCode.SourceNotAllowed, ErrorCode.SourceNotAFile, ErrorCode.SourceEmpty,
                ErrorCode.SourceTooLarge, ErrorCode.SourceNotPublic, ErrorCode.SourceUnreachable, ErrorCode.ContentEncodingNotSupported,
                ErrorCode.SourceNotFound with { Status = 404 }, ErrorCode.NotFound, ErrorCode.NotAnImage, ErrorCode.UnsupportedFormat,
                ErrorCode.TooLarge, ErrorCode.Damaged, ErrorCode.ImageTooSlow, ErrorCode.DecoderCrashed, ErrorCode.PreconditionFailed,
                ErrorCode.Busy, ErrorCode.StorageUnavailable, ErrorCode.DiskFull,
            ],
        },
    ];
}
