using System.Text.Json;
using ImageResize.Core.Batches.Submission;
using ImageResize.Core.Jobs.Requests;

namespace ImageResize.Functions.Http.Batches;

/// <summary>The items of a batch request as JSON.</summary>
public sealed class ItemList() : BoundedList<JsonElement>(BatchRequest.MaxItems)
{
    protected override Exception TooMany(int max) => BatchImport.TooManyItems(max);
}
