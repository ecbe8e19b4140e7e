using System.Collections.ObjectModel;

namespace ImageResize.Core.Jobs.Requests;

/// <summary>
/// A list of a request that refuses entries above a limit while it is read. Without it, a body of 10 MB becomes millions of objects before
/// validation counts them.
/// </summary>
public abstract class BoundedList<T>(int max) : Collection<T>
{
    /// <exception cref="Errors.RefusedException">The list is full.</exception>
    protected override void InsertItem(int index, T item)
    {
        if (Count == max)
        {
            throw TooMany(max);
        }

        base.InsertItem(index, item);
    }

    protected abstract Exception TooMany(int max);
}
