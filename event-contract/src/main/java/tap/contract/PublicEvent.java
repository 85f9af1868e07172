package tap.contract;

/** A public event record: the payload of one message, byte for byte as it is stored. Absent values are {@code null}, times UTC. */
public sealed interface PublicEvent
        permits PolicyConfiguredV1,
                PolicyResetV1,
                UserChangedV1,
                UserRemovedV1,
                GroupChangedV1,
                GroupRemovedV1,
                PassIssuedV1,
                PassRevokedV1,
                PassAdmittedV1,
                AdmissionRefusedV1,
                PassRedeemedV1,
                PassSpentV1,
                PassExpiredV1,
                PassLockedV1,
                PassWithdrawnV1,
                TokenRevokedV1 {}
