# The standalone program on a base with no shell and no package manager. `docker compose up` runs it; docs/azure.md deploys it.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
ARG RID=linux-x64
WORKDIR /source

# What is restored changes less often than what is compiled.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY ImageResize.Core/ImageResize.Core.csproj ImageResize.Core/
COPY ImageResize.Functions/ImageResize.Functions.csproj ImageResize.Functions/
RUN dotnet restore ImageResize.Functions --runtime "$RID" -p:SelfContained=true

COPY host.json local.settings.sample.json ./
COPY docs/openapi.json docs/openapi.yaml docs/
COPY clients/typescript/client.js clients/typescript/http.js clients/typescript/
COPY ImageResize.Core ImageResize.Core
COPY ImageResize.Functions ImageResize.Functions
RUN dotnet publish ImageResize.Functions --no-restore --configuration Release --runtime "$RID" --self-contained --output /app

# Has glibc, libgcc, libstdc++ and OpenSSL: everything that .NET and libvips need. Listens on port 8080.
FROM mcr.microsoft.com/dotnet/runtime-deps:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app ./

# The diagnostics socket can't be created in a read-only file system.
ENV DOTNET_EnableDiagnostics=0
# Heaps that libvips' threads share, or memory grows for hours: docs/decisions/libvips.md.
ENV MALLOC_ARENA_MAX=2
EXPOSE 8080
USER $APP_UID
ENTRYPOINT ["/app/ImageResize.Functions"]
