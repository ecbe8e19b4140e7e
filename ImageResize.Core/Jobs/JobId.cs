using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ImageResize.Core.Jobs;

/// <summary>A job's id: the batch's own when the batch has one job, else the batch's and the job's number in it, from 0.</summary>
public readonly record struct JobId(BatchId Batch, int? Number = null)
{
    /// <summary>The place in the batch: the number, or 0 for the only job.</summary>
    public int Item => Number ?? 0;

    public static bool TryParse([NotNullWhen(true)] string? text, out JobId id)
    {
        id = default;
        if (text is null || !BatchId.TryParse(text[..Math.Min(BatchId.TextLength, text.Length)], out var batch))
        {
            return false;
        }

        if (text.Length == BatchId.TextLength)
        {
            id = new JobId(batch);
            return true;
        }

        var digits = text.AsSpan(BatchId.TextLength);
        if (digits[0] != '-'
            || !int.TryParse(digits[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || text.Length != BatchId.TextLength + 1 + number.ToString().Length)
        {
            return false;
        }

        id = new JobId(batch, number);
        return true;
    }

    public override string ToString() => Number is { } number ? $"{Batch}-{number}" : Batch.ToString();
}
