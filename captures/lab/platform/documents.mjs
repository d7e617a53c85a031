/** The documents that WireServer and HostGAPlugin hand out. Every identifier and secret in them is made up. */

export const CONTAINER_ID = "c6d5526c-5ac2-4200-b6e2-56f2b70c5ab2";
export const STALE_CONTAINER_ID = "0f4dc2a1-77d1-4f0c-9a53-1d0f0a6b7a10";
export const ROLE_INSTANCE = "b2f6a9f1-3d4c-4f0e-8a57-5b8b6f0d9c11._vm0";
export const ROLE_INSTANCE_ENCODED = ROLE_INSTANCE.replaceAll("-", "%2D").replaceAll("_", "%5F");
export const CONFIG_NAME = "b2f6a9f1-3d4c-4f0e-8a57-5b8b6f0d9c11.1.b2f6a9f1-3d4c-4f0e-8a57-5b8b6f0d9c11.0._vm0";

/** A shared access signature as storage would give it, for the redaction to find. */
export function sasUrl(blob) {
  return (
    `https://md-fakelab01.z1.blob.storage.azure.net/$system/vm0.${blob}` +
    "?sv=2018-03-28&sr=b&sk=system-1&sig=FAKEfakeSIGNATUREfakeFAKE0123456789abcdefghij%3d&se=9999-01-01T00%3a00%3a00Z&sp=rw"
  );
}

export const VERSIONS = `<?xml version="1.0" encoding="utf-8"?>
<Versions>
  <Preferred>
    <Version>2015-04-05</Version>
  </Preferred>
  <Supported>
${[
  "2015-04-05",
  "2012-11-30",
  "2012-09-15",
  "2012-05-15",
  "2011-12-31",
  "2011-10-15",
  "2011-08-31",
  "2011-04-07",
  "2010-12-15",
  "2010-28-10",
]
  .map((version) => `    <Version>${version}</Version>`)
  .join("\n")}
  </Supported>
</Versions>`;

export function goalState(incarnation, containerId) {
  const base = `http://168.63.129.16:80/machine/${containerId}/${ROLE_INSTANCE_ENCODED}?comp=`;
  const config = (type) => `${base}config&amp;type=${type}&amp;incarnation=${incarnation}`;
  return `<?xml version="1.0" encoding="utf-8"?>
<GoalState xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xsi:noNamespaceSchemaLocation="goalstate10.xsd">
  <Version>2012-11-30</Version>
  <Incarnation>${incarnation}</Incarnation>
  <Machine>
    <ExpectedState>Started</ExpectedState>
    <StopRolesDeadlineHint>300000</StopRolesDeadlineHint>
    <LBProbePorts>
      <Port>16001</Port>
    </LBProbePorts>
    <ExpectHealthReport>FALSE</ExpectHealthReport>
  </Machine>
  <Container>
    <ContainerId>${containerId}</ContainerId>
    <RoleInstanceList>
      <RoleInstance>
        <InstanceId>${ROLE_INSTANCE}</InstanceId>
        <State>Started</State>
        <Configuration>
          <HostingEnvironmentConfig>${config("hostingEnvironmentConfig")}</HostingEnvironmentConfig>
          <SharedConfig>${config("sharedConfig")}</SharedConfig>
          <ExtensionsConfig>${config("extensionsConfig")}</ExtensionsConfig>
          <FullConfig>${config("fullConfig")}</FullConfig>
          <Certificates>${base}certificates&amp;incarnation=${incarnation}</Certificates>
          <ConfigName>${CONFIG_NAME}.${incarnation}.xml</ConfigName>
        </Configuration>
      </RoleInstance>
    </RoleInstanceList>
  </Container>
</GoalState>`;
}

export function config(type, incarnation) {
  if (type === "extensionsConfig") {
    return `<?xml version="1.0" encoding="utf-8"?>
<Extensions version="1.0.0.0" goalStateIncarnation="${incarnation}">
  <GuestAgentExtension xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><GAFamilies><GAFamily><Name>Prod</Name></GAFamily></GAFamilies></GuestAgentExtension>
  <Plugins />
  <PluginSettings />
  <StatusUploadBlob statusBlobType="BlockBlob">${sasUrl("status").replaceAll("&", "&amp;")}</StatusUploadBlob>
  <InVMGoalStateMetaData activityId="2c0a8e1b-6a0b-4f6b-8d3e-0a4f3f0c7e21" correlationId="7d5f3f5e-4a63-4a0e-9c1b-3f0b6f1d2c10" />
</Extensions>`;
  }
  return `<?xml version="1.0" encoding="utf-8"?>
<${type === "sharedConfig" ? "SharedConfig" : "HostingEnvironmentConfig"} version="1.0.0.0" goalStateIncarnation="${incarnation}">
  <Deployment name="b2f6a9f1-3d4c-4f0e-8a57-5b8b6f0d9c11" guid="{0a1b2c3d-0000-4000-8000-00000000fa1e}" incarnation="0" isNonCancellableTopologyChangeEnabled="false">
    <Service name="vm0" guid="{00000000-0000-0000-0000-000000000000}" />
    <ServiceInstance name="b2f6a9f1-3d4c-4f0e-8a57-5b8b6f0d9c11.1" guid="{5e1f0a77-0000-4000-8000-00000000fa1e}" />
  </Deployment>
  <Incarnation number="1" instance="vm0" guid="{1f2d3c4b-0000-4000-8000-00000000fa1e}" />
  <Role guid="{6d1c2b3a-0000-4000-8000-00000000fa1e}" name="vm0" settleTimeSeconds="0" />
</${type === "sharedConfig" ? "SharedConfig" : "HostingEnvironmentConfig"}>`;
}

export const CERTIFICATES = `<?xml version="1.0" encoding="utf-8"?>
<CertificateFile>
  <Version>2012-11-30</Version>
  <Incarnation>1</Incarnation>
  <Format>Pkcs7BlobWithPfxContents</Format>
  <Data>${"MIINswYJKoZIhvcNAQcDoIINpDCCDaACAQIxggEwFAKEfakePFXcontentsFAKEfake".repeat(12)}</Data>
</CertificateFile>`;

export function vmSettings(revision) {
  return JSON.stringify({
    hostGAPluginVersion: "1.0.8.155",
    vmSettingsSchemaVersion: "0.0",
    activityId: "a33f6f53-43d6-4625-b322-1a39651a00c9",
    correlationId: "9a47a2a2-e740-4bfc-b11b-4f2f7cfe7d2e",
    inVMGoalStateMetaData: {
      inSvdSeqNo: revision,
      createdOnTicks: 637726700000000000,
      activityId: "a33f6f53-43d6-4625-b322-1a39651a00c9",
      correlationId: "9a47a2a2-e740-4bfc-b11b-4f2f7cfe7d2e",
    },
    extensionGoalStatesSource: "FastTrack",
    onHold: false,
    statusUploadBlob: { statusBlobType: "BlockBlob", value: sasUrl("status") },
    gaFamilies: [
      { name: "Prod", version: "2.15.0.1", isVersionFromRSM: false, isVMEnabledForRSMUpgrades: false, uris: [] },
    ],
    extensionGoalStates: [
      {
        name: "Microsoft.Azure.Monitor.AzureMonitorLinuxAgent",
        version: "1.35.1",
        state: "enabled",
        settingsSeqNo: 0,
        settings: [
          {
            protectedSettingsCertThumbprint: "FA4E00000000000000000000000000000000FA4E",
            protectedSettings: "MIIBsAYJKoZIhvcNAQcDoIIBoTCCAZ0CAQAxFAKEfakePROTECTEDfakeFAKE==",
            publicSettings: '{"GCS_AUTO_CONFIG":true}',
          },
        ],
      },
    ],
  });
}

/** What the agent uploads as its status, before base64. */
export function agentStatus(at) {
  return JSON.stringify({
    version: "1.1",
    timestampUTC: at,
    aggregateStatus: {
      guestAgentStatus: {
        version: "2.15.0.1",
        status: "Ready",
        formattedMessage: { lang: "en-US", message: "Guest Agent is running" },
      },
      handlerAggregateStatus: [],
    },
    guestOSInfo: { computerName: "vm0", osName: "debian", osVersion: "12.12", version: "2.15.0.1" },
  });
}
