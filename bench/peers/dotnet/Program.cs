using ImageResize.Kernels;

// kernel: see KernelLoop. loop: see Loop. kinds: makes other kinds of images from HD photos.
switch (args)
{
    case ["kernel", var name, var box, var folder]:
        KernelLoop.Run(Kernel.Find(name, int.Parse(box)), folder);
        return 0;
    case ["loop", var name, var box, var images, var output]:
        Loop.Run(Kernel.Find(name, int.Parse(box)), images, output);
        return 0;
    case ["kinds", var photos, var count, var output]:
        Kinds.Make(photos, int.Parse(count), output);
        return 0;
    default:
        Console.Error.WriteLine(
            """
            kernel ours|libvips|skiasharp|magick BOX FOLDER
            loop ours|libvips|skiasharp|magick BOX IMAGES OUTPUT
            kinds PHOTOS COUNT FOLDER
            """);
        return 1;
}
