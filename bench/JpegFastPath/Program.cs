using ImageResize.Bench;

// photos: a folder of JPEGs, for example 1920 x 1080 from a camera.
switch (args)
{
    case ["speed", var photos, .. { Length: > 0 } boxes]:
        Speed.Measure(photos, [.. boxes.Select(int.Parse)]);
        return 0;
    case ["steps", var photos, var box]:
        Speed.MeasureSteps(photos, int.Parse(box));
        return 0;
    case ["quality", var photos, var box]:
        Quality.Measure(photos, int.Parse(box));
        return 0;
    case ["variants", var photos, var box]:
        Variants.Measure(photos, int.Parse(box));
        return 0;
    case ["micro", var photos]:
        Micro.Measure(photos);
        return 0;
    case ["cursors", var photos]:
        Cursors.Measure(photos);
        return 0;
    case ["headers", var photos]:
        Headers.Measure(photos);
        return 0;
    default:
        Console.Error.WriteLine(
            "speed <folder> <box>..., steps|quality|variants <folder> <box>, or: micro|cursors|headers <folder>; a folder of JPEGs");
        return 1;
}
