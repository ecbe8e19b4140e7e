using ImageResize.Bench;

// photos: a folder of JPEGs, for example 1920 x 1080 from a camera.
switch (args)
{
    case ["speed", var photos, var box]:
        Speed.Measure(photos, int.Parse(box));
        return 0;
    case ["quality", var photos, var box]:
        Quality.Measure(photos, int.Parse(box));
        return 0;
    case ["stages", var photos, var box]:
        Stages.Measure(photos, int.Parse(box));
        return 0;
    case ["encoders", var photos, var box]:
        Encoders.Measure(photos, int.Parse(box));
        return 0;
    default:
        Console.Error.WriteLine("speed|stages|quality|encoders <folder of JPEGs> <box>");
        return 1;
}
