using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ImageResize.Core.Errors;
using ImageResize.Core.Imaging.Headers;
using NetVips;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats;
using SixLabors.ImageSharp.Formats.Bmp;
using SixLabors.ImageSharp.Formats.Tga;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using Image = NetVips.Image;
using SharpImage = SixLabors.ImageSharp.Image;

namespace ImageResize.Core.Imaging.Formats.ImageSharp;

/// <summary>
/// Configures ImageSharp for untrusted images, and wraps the calls that several formats share. Only the two formats that are used are
/// registered, and callers name the decoder: an image cannot choose one.
/// </summary>
internal static class SharpImages
{
    /// <summary>The largest array has 2 GB, and decoded images become arrays.</summary>
    private const int MaxMegabytes = 2_047;

    /// <summary>Room for the longest header that is written.</summary>
    private const int HeaderLength = 256;

    public static Configuration Configuration { get; } = new(new BmpConfigurationModule(), new TgaConfigurationModule())
    {
        // Without a pool, so that freed memory is available to the next image, whichever library decodes it.
        MemoryAllocator = MemoryAllocator.Create(
            new MemoryAllocatorOptions { AllocationLimitMegabytes = MaxMegabytes, MaximumPoolSizeMegabytes = 0 }),

        // ImageScheduler decides how many images are decoded at once.
        MaxDegreeOfParallelism = 1,
    };

    /// <param name="decoder">Of a file whose header is valid and whose pixels are all there.</param>
    /// <exception cref="RefusedException">The file is damaged or too large.</exception>
    public static byte[] Decode<TPixel>(IImageDecoder decoder, ReadOnlyMemory<byte> file, CancellationToken cancellationToken)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        try
        {
            using var stream = OpenStream(file);
            using var image = decoder.Decode<TPixel>(Configuration, stream, cancellationToken);
            var pixels = new byte[checked(image.Width * image.Height * Unsafe.SizeOf<TPixel>())];
            image.CopyPixelDataTo(pixels);

            return pixels;
        }
        catch (ImageFormatException cause)
        {
            throw ImageRefusal.Damaged(cause);
        }
        catch (InvalidMemoryOperationException)
        {
            throw ImageRefusal.TooLarge("takes too much memory to decode", $"{MaxMegabytes} MB");
        }
    }

    /// <summary>Writes an image as RGB, or as RGBA if it has transparency.</summary>
    public static byte[] Encode(Image image, IImageEncoder rgbEncoder, IImageEncoder rgbaEncoder)
    {
        using var colour = image.Colourspace(Enums.Interpretation.Srgb);
        var pixels = colour.WriteToMemory<byte>();

        return colour.Bands == 4
            ? Encode<Rgba32>(rgbaEncoder, pixels, colour.Width, colour.Height)
            : Encode<Rgb24>(rgbEncoder, pixels, colour.Width, colour.Height);
    }

    private static byte[] Encode<TPixel>(IImageEncoder encoder, byte[] pixels, int width, int height)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using var image = SharpImage.WrapMemory<TPixel>(Configuration, pixels, width, height);
        using var stream = new MemoryStream(pixels.Length + HeaderLength);
        encoder.Encode(image, stream);

        return stream.ToArray();
    }

    private static MemoryStream OpenStream(ReadOnlyMemory<byte> file) => MemoryMarshal.TryGetArray(file, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(file.ToArray(), writable: false);
}
