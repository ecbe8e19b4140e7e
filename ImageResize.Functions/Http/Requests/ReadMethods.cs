namespace ImageResize.Functions.Http.Requests;

/// <summary>The methods of endpoints that only read. They answer HEAD as GET; the server sends no body then.</summary>
internal static class ReadMethods
{
    public static readonly string[] All = [HttpMethods.Get, HttpMethods.Head];
}
