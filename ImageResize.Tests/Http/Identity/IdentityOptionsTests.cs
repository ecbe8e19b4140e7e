using System.ComponentModel.DataAnnotations;
using ImageResize.Functions.Http.Identity;

namespace ImageResize.Tests.Http.Identity;

/// <summary>Settings with which tokens of strangers would be accepted stop the start.</summary>
public sealed class IdentityOptionsTests
{
    private const string Tenant = "https://login.microsoftonline.com/0c1d2e3f-0000-4000-8000-000000000000/v2.0";

    [Theory]
    [InlineData("", "", true)]
    [InlineData(Tenant, "api://images", true)]
    [InlineData("http://127.0.0.1:8080/realm", "images", true)]
    [InlineData("http://localhost:8080", "images", true)]
    [InlineData(Tenant, "", false)]
    [InlineData(Tenant, " , ", false)]
    [InlineData("http://login.example/tenant", "images", false)]
    [InlineData("login.example", "images", false)]
    [InlineData("https://login.example/tenant?a=b", "images", false)]
    [InlineData("https://user:password@login.example/", "images", false)]
    [InlineData("https://login.microsoftonline.com/common/v2.0", "images", false)]
    [InlineData("https://login.microsoftonline.com/organizations/v2.0", "images", false)]
    public void An_authority_needs_https_a_tenant_and_an_audience(string authority, string audience, bool isValid)
    {
        var options = new IdentityOptions { Authority = authority, Audience = audience };

        Assert.Equal(isValid, !options.Validate(new ValidationContext(options)).Any());
    }

    [Fact]
    public void Keys_are_read_without_https_only_on_the_same_machine()
    {
        Assert.True(new IdentityOptions { Authority = Tenant }.RequiresHttps);
        Assert.False(new IdentityOptions { Authority = "http://127.0.0.1:8080" }.RequiresHttps);
    }

    [Fact]
    public void A_role_without_a_name_is_nobodys() => Assert.Empty(new IdentityOptions { AdminRole = "" }.RolesOf(""));
}
