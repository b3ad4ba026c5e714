import { CustomerSource, CustomerStatus } from '../../prisma/generated/enums.ts';
import { choice, longText, money, reference, text, textList } from '../fields.ts';
import { action, defineResource, hasMany, question } from '../resource.ts';
import { calculateLifetimeValue, customersByStatus, upgradeCustomer } from '../services/customers.ts';

const status = choice(CustomerStatus, {
  label: 'Customer Status',
  describe: 'Stage of the relationship.',
  default: 'LEAD',
  values: {
    LEAD: 'Has shown interest; not yet qualified.',
    PROSPECT: 'Qualified, and being worked on.',
    CUSTOMER: 'Has bought.',
    CHURNED: 'Was a customer and left.',
  },
  colors: { LEAD: 'blue', PROSPECT: 'violet', CUSTOMER: 'green' },
});

export const customer = defineResource('Customer', {
  describe: 'A person or company we sell to, or hope to.',
  title: 'name',
  softDelete: true,
  owned: { by: 'ownerId' },
  fields: {
    name: text({
      label: 'Full Name',
      describe: 'The name of the person or company.',
      required: true,
      search: true,
      example: 'Acme Corporation',
    }),
    email: text({
      label: 'Email Address',
      describe: 'Email address; unique among customers outside the trash, ignoring case.',
      required: true,
      unique: true,
      search: true,
      pattern: { matches: /^[^\s@]+@[^\s@]+\.[^\s@.]+$/u, says: 'an email address such as ada@example.com' },
      widget: 'email',
      example: 'contact@acme.com',
    }),
    phone: text({
      label: 'Phone Number',
      describe: 'With country code.',
      max: 40,
      widget: 'phone',
      example: '+1 555 0100',
    }),
    company: text({ label: 'Company Name', describe: 'The company the customer works for.', search: true, example: 'Acme Corp' }),
    status,
    source: choice(CustomerSource, {
      label: 'Lead Source',
      describe: 'How the customer first heard of us.',
      values: {
        WEBSITE: 'Wrote through our own site.',
        REFERRAL: 'Sent by another customer.',
        ADVERTISING: 'Answered an advertisement.',
        COLD_OUTREACH: 'We wrote or called first.',
        OTHER: 'Anything else.',
      },
    }),
    lifetimeValue: money({
      currency: 'USD',
      describe: 'Total of all delivered orders; maintained by the system.',
      write: 'never',
      default: 0,
      example: '1250.00',
    }),
    ownerId: reference('User', { label: 'Owner', describe: 'The user responsible for the customer; empty means the whole team.' }),
    notes: longText({ describe: 'Anything a colleague should know.' }),
    tags: textList({ describe: 'Free labels to group customers by.', example: ['vip', 'emea'] }),
  },
  relations: {
    orders: hasMany('Order', { describe: 'What the customer has ordered.', create: true, cascade: true }),
    contacts: hasMany('Contact', { describe: 'People to talk to at the customer.', create: true, cascade: true }),
  },
  actions: {
    upgradeCustomer: action({
      label: 'Upgrade to customer',
      describe: 'Make a lead or prospect a customer; any other customer stays as it is.',
      rest: 'upgrade',
      ui: { icon: 'user-up', when: { field: 'status', in: ['LEAD', 'PROSPECT'] } },
      run: upgradeCustomer,
    }),
    calculateLifetimeValue: action({
      label: 'Recalculate lifetime value',
      describe: 'Recalculate the lifetime value from the delivered orders.',
      rest: 'calculate-lifetime-value',
      ui: { icon: 'calculator' },
      run: calculateLifetimeValue,
    }),
    customersByStatus: question({
      describe: 'Customers outside the trash that have one status, oldest first.',
      args: { status: { ...status, required: true } },
      rest: 'by-status/{status}',
      run: customersByStatus,
    }),
  },
  rest: { tags: ['customers'], pageSize: 25, maxPageSize: 100 },
  mcp: {
    prefix: 'customer',
    prompts: {
      summarise_customer: {
        title: 'Summarise a customer',
        describe: 'Where a customer stands, what they ordered, and what to do next.',
        args: { id: 'The customer.' },
        text: 'Summarise customer {id}, whose record follows. Read its orders and contacts in it, and what happened lately with history {"resources":["Customer"],"ids":["{id}"],"last":20}. Say in at most ten lines: who they are and who to talk to, how far the relationship has come, what they ordered and what is open, what changed lately, and the one next step you would take. Name the records you rely on by id. Change nothing.',
      },
      clean_up_duplicates: {
        title: 'Clean up duplicates',
        describe: 'Finds customers that are probably the same, and tidies up what the person agrees to.',
        args: { status: 'Which customers to look through.' },
        text: 'Find customers with status {status} that are probably the same. Page through customer_list {"status":"{status}","fields":["name","email","company","phone","created_at"],"sort":"name","first":100} and look for equal or nearly equal names, companies, phone numbers and mail domains; check doubtful ones with search. Show the pairs with your reasons, and which record to keep (the one with orders, else the older one). Only for pairs the person agrees to: move open orders of the other one with order_update and its customer_id, fill gaps of the kept one with customer_update, then customer_delete the other; its contacts have no tool, so say which there are. Begin each write with dry_run. Report every change_set, so that it can be undone.',
      },
      weekly_pipeline_review: {
        title: 'Weekly pipeline review',
        describe: 'What moved this week, what stands still, and whom to call.',
        args: {},
        text: 'Review the sales pipeline of the last seven days; in what follows MOMENT stands for a moment such as 2026-01-31T00:00:00Z. Count with customer_summary {"group_by":["status"]} and order_summary {"group_by":["status"]}, then what is new with customer_summary {"group_by":["status"],"filters":["created_at_gte=MOMENT"]} and order_summary {"group_by":["status"],"filters":["created_at_gte=MOMENT"]}, MOMENT being seven days ago. List what moved with history {"from":"MOMENT"}. Find leads and prospects nobody has touched with customer_list {"status_in":["lead","prospect"],"sort":"updated_at","filters":["updated_at_lt=MOMENT"]}, MOMENT being two weeks ago. Answer with a short table of the pipeline, three to five observations with numbers, and at most five customers to call with the reason for each. Change nothing.',
      },
    },
  },
  ui: {
    nav: 'Sales',
    icon: 'users',
    columns: ['name', 'status', 'company', 'email', 'lifetimeValue'],
    subtitle: 'company',
    sections: {
      Contact: ['name', 'email', 'phone', 'company'],
      Relationship: ['status', 'source', 'ownerId', 'lifetimeValue'],
      Notes: ['notes', 'tags'],
    },
    board: { by: 'status', sum: 'lifetimeValue', card: ['name', 'company', 'lifetimeValue'] },
    views: {
      Pipeline: { where: { status: { in: ['LEAD', 'PROSPECT'] } }, orderBy: [{ field: 'CREATED_AT', direction: 'DESC' }] },
      'Most valuable': { where: { status: { eq: 'CUSTOMER' } }, orderBy: [{ field: 'LIFETIME_VALUE', direction: 'DESC' }] },
    },
  },
});
