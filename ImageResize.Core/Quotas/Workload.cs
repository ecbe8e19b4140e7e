namespace ImageResize.Core.Quotas;

/// <summary>Work that is submitted together.</summary>
/// <param name="Seconds">The processor time that it will take, as estimated.</param>
public readonly record struct Workload(int Jobs, double Seconds)
{
    public static Workload operator +(Workload left, Workload right) => new(left.Jobs + right.Jobs, left.Seconds + right.Seconds);

    public static Workload operator *(Workload work, int count) => new(work.Jobs * count, work.Seconds * count);
}
