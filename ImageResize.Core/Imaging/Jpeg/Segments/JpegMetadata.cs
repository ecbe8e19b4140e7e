using ImageResize.Core.Imaging.Metadata;

namespace ImageResize.Core.Imaging.Jpeg.Segments;

/// <summary>What the application segments say about the pixels: color space and orientation.</summary>
internal sealed class JpegMetadata
{
    private const int NoTransform = -1;
    private bool _isJfif;
    private bool _hasExif;
    private int _adobeTransform;

    /// <summary>EXIF orientation, 1 to 8.</summary>
    public int Orientation { get; private set; }

    public void Clear()
    {
        _isJfif = _hasExif = false;
        _adobeTransform = NoTransform;
        Orientation = 1;
    }

    /// <summary>False if the segment contains something that is left to libvips.</summary>
    public bool TryRead(byte marker, ReadOnlySpan<byte> payload)
    {
        switch (marker)
        {
            case Marker.App0:
                _isJfif |= payload.Length >= 14 && payload.StartsWith("JFIF\0"u8);
                return true;

            case Marker.App1 when payload.StartsWith("Exif\0\0"u8):
                var isFirst = !_hasExif;
                _hasExif = true;
                var orientation = ExifBlock.FindOrientation(payload);
                Orientation = orientation ?? 1;
                return isFirst && orientation is not null;

            case Marker.App2 when payload.StartsWith("ICC_PROFILE\0"u8):
                // Segment 1 of 1: an sRGB profile always fits in one.
                return payload.Length > 14 && payload[12] == 1 && payload[13] == 1 && IccProfile.IsSrgb(payload[14..]);

            case Marker.App14 when payload.Length >= 12 && payload.StartsWith("Adobe"u8):
                _adobeTransform = payload[11];
                return _adobeTransform is 0 or 1;

            default:
                return true;
        }
    }

    /// <summary>Whether an image with three components of these ids is RGB instead of YCbCr. Decides as libjpeg does.</summary>
    public bool IsRgb(int firstId, int secondId, int thirdId)
    {
        if (_isJfif)
        {
            return false;
        }

        return _adobeTransform == NoTransform
            ? (firstId, secondId, thirdId) == ('R', 'G', 'B')
            : _adobeTransform == 0;
    }
}
