/** Rows as the database takes them: column names, money as text, times as ISO text. */
export interface CustomerRow {
  name: string;
  email: string;
  phone: string | null;
  company: string | null;
  status: string;
  source: string | null;
  lifetime_value: string;
  notes: string | null;
  tags: string[];
  created_at: string;
  updated_at: string;
}

export interface OrderRow {
  order_number: string;
  total: string;
  status: string;
  shipping_address: string;
  notes: string | null;
  created_at: string;
  updated_at: string;
}

export interface ContactRow {
  name: string;
  email: string | null;
  phone: string | null;
  role: string;
  is_primary: boolean;
  created_at: string;
  updated_at: string;
}

export interface CustomerFile {
  customer: CustomerRow;
  orders: OrderRow[];
  contacts: ContactRow[];
}

/** How many rows were inserted. */
export interface Seeded {
  customers: number;
  orders: number;
  contacts: number;
}
