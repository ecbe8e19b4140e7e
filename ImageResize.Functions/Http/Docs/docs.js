// Shows the OpenAPI document. Nothing is requested from other servers.
Scalar.createApiReference("#reference", {
  url: "openapi.json",
  agent: { disabled: true },
  hideClientButton: true,
  mcp: { disabled: true },
  showDeveloperTools: "never",
  telemetry: false,
  withDefaultFonts: false,
});
