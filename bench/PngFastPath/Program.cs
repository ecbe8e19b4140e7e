using ImageResize.Bench;

switch (args)
{
    case ["kinds", var photos, var screenshots, var output]:
        Kinds.Make(photos, screenshots, output);
        return 0;
    case ["speed", var folder, .. { Length: > 0 } boxes]:
        Speed.Measure(folder, [.. boxes.Select(int.Parse)]);
        return 0;
    case ["steps", var folder, var box]:
        Steps.Measure(folder, int.Parse(box));
        return 0;
    default:
        Console.Error.WriteLine(
            """
            kinds PHOTOS SCREENSHOTS FOLDER     makes PNGs of JPEGs and of larger PNGs
            speed FOLDER BOX...                 to JPEGs of quality 80, beside libvips
            steps FOLDER BOX                    decompressing beside the platform's zlib, unfiltering, resizing, encoding
            """);
        return 1;
}
