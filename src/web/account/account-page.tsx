import { Alert, Anchor, Button, SegmentedControl, Text, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { askAuth, type OwnAccount } from '../data/sign-in.ts';
import { isDevelopment, useUi } from '../data/ui.tsx';
import { roleName } from '../fields/format.ts';
import { signOut } from '../shell/account-menu.tsx';
import { Icon, icons } from '../shell/icon.tsx';
import { PageHeader } from '../shell/page-header.tsx';
import { Failed } from '../shell/states.tsx';
import classes from './account.module.css';
import { Devices } from './devices.tsx';
import { OwnRecords } from './own-records.tsx';
import { Password } from './password.tsx';
import { SecondFactor } from './second-factor.tsx';
import { Section } from './section.tsx';

/** `/account`: who one is here, what one signs in with, and what acts in one's name. */
export function AccountPage() {
  const { viewer, credential, byName } = useUi();
  const development = isDevelopment(credential);
  const [keys, assistants] = [byName.get('ApiKey'), byName.get('OauthConsent')];
  return (
    <>
      <PageHeader name="Account" title="Account">
        {!development && (
          <Button variant="default" leftSection={<Icon icon={icons.leave} size={16} />} onClick={() => void signOut()}>
            Sign out
          </Button>
        )}
      </PageHeader>
      <div className={classes.page}>
        {development && (
          <Alert color="indigo" title="This is development access">
            Nobody has signed in: with <code>--dev</code> whoever asks from this machine acts as {viewer.name}, who has no password. To try
            signing in, invite somebody and open the link; or <Anchor href="/sign-in">sign in as somebody</Anchor>.
          </Alert>
        )}
        <Section title={viewer.name}>
          <Text size="sm">
            {roleName(viewer.role)}
            {development || <Email />}
          </Text>
          <Theme />
        </Section>
        {!development && <SignIn />}
        {keys && (
          <OwnRecords
            resource={keys}
            verb="Revoke"
            warning="Programs that use it are refused from now on."
            lead={
              <>
                A program that sends a key as <code>Authorization: Bearer facet_…</code> acts in your name, within the scopes of the key.
              </>
            }
          />
        )}
        {assistants && (
          <OwnRecords
            resource={assistants}
            verb="Disconnect"
            warning="It loses its access at once, and has to ask you again."
            lead="Programs that you allowed to act for you. They connect to the address of this server followed by /mcp."
          />
        )}
      </div>
    </>
  );
}

const useAccount = () => useQuery({ queryKey: ['account'], queryFn: () => askAuth<OwnAccount>('account') });

function Email() {
  const { data } = useAccount();
  return data ? <> · {data.email}</> : null;
}

/** What one signs in with, and where one is signed in. */
function SignIn() {
  const { data, error, refetch } = useAccount();
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  return (
    <>
      <Password email={data?.email ?? ''} />
      {data && <SecondFactor account={data} />}
      <Devices />
    </>
  );
}

function Theme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      size="xs"
      aria-label="Theme"
      data={[
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
        { value: 'auto', label: 'As the system' },
      ]}
      value={colorScheme}
      onChange={setColorScheme}
      style={{ alignSelf: 'flex-start' }}
    />
  );
}
