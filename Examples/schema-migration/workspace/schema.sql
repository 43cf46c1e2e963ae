-- The order book of a shop that sells paper, ink and bookbinding tools.
--
-- Foreign keys are declared, but the programs that write to this database have never switched their
-- enforcement on (SQLite leaves it off).

create table customers (
    id          integer primary key,
    name        text    not null,
    email       text,
    street      text    not null,
    postcode    text    not null,
    city        text    not null,
    country     text    not null,
    newsletter  integer not null default 0,     -- 1: wants the newsletter
    source      text    not null,               -- counter, telephone, web, takeover, fair
    created_at  text    not null                -- YYYY-MM-DD
);

create index customers_by_name on customers (name);
create index customers_by_login on customers (lower(trim(email)));

create table products (
    sku         text    primary key,
    title       text    not null,
    price_cents integer not null
);

create table orders (
    id          integer primary key,
    customer_id integer not null references customers (id),
    ordered_at  text    not null,               -- YYYY-MM-DD
    status      text    not null check (status in ('open', 'sent', 'cancelled'))
);

create index orders_by_customer on orders (customer_id);

create table order_lines (
    id          integer primary key,
    order_id    integer not null references orders (id) on delete cascade,
    sku         text    not null references products (sku),
    quantity    integer not null check (quantity > 0),
    unit_cents  integer not null                -- the price on the day of the order
);

create index order_lines_by_order on order_lines (order_id);

create table payments (
    id           integer primary key,
    order_id     integer not null references orders (id) on delete cascade,
    paid_at      text    not null,              -- YYYY-MM-DD
    amount_cents integer not null,
    method       text    not null
);

create index payments_by_order on payments (order_id);

-- What was changed about a customer, kept for the tax office and for disputes.
create table customer_changes (
    id          integer primary key,
    customer_id integer not null references customers (id),
    field       text    not null,
    old_value   text,
    new_value   text,
    changed_at  text    not null
);

create index customer_changes_by_customer on customer_changes (customer_id);

create trigger customers_audit
after update of name, email on customers
begin
    insert into customer_changes (customer_id, field, old_value, new_value, changed_at)
    select old.id, 'name', old.name, new.name, date('now')
     where old.name is not new.name;

    insert into customer_changes (customer_id, field, old_value, new_value, changed_at)
    select old.id, 'email', old.email, new.email, date('now')
     where old.email is not new.email;
end;

create view order_summary as
select o.id          as order_id,
       o.customer_id as customer_id,
       c.name        as customer_name,
       c.email       as customer_email,
       o.ordered_at  as ordered_at,
       o.status      as status,
       coalesce((select sum(l.quantity * l.unit_cents)
                   from order_lines l
                  where l.order_id = o.id), 0) as total_cents,
       coalesce((select sum(p.amount_cents)
                   from payments p
                  where p.order_id = o.id), 0) as paid_cents
  from orders o
  left join customers c on c.id = o.customer_id;
