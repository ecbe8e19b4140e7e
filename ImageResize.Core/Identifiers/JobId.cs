using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ImageResize.Core.Identifiers;

/// <summary>The id of a job: the id of the batch if the batch has one job, otherwise <c>batch-number</c>, counted from 0.</summary>
public readonly record struct JobId(BatchId Batch, int? Number = null)
{
    /// <summary>The index of the job in its batch: <see cref="Number"/>, or 0 for the only job.</summary>
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
