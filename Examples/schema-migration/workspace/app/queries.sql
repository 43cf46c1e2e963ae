-- The named statements of the office. A line that begins with "--:" names a statement and its parameters,
-- in the order in which they are given on the command line.

--: label customer
-- The address that goes on a parcel.
select id as customer_id, name, street, postcode, city, country
  from customers
 where id = :customer;

--: find prefix
-- Customers whose name begins with these letters, for the telephone.
select id as customer_id, name, city, email
  from customers
 where name like :prefix || '%'
 order by name, id;

--: history customer
-- Everything that a customer has ordered, newest first.
select order_id, customer_id, customer_name as name, ordered_at, status, total_cents
  from order_summary
 where customer_id = :customer
 order by ordered_at desc, order_id desc;

--: top-customers count
-- The customers who have spent the most.
select customer_id, customer_name as name, count(*) as orders, sum(total_cents) as revenue_cents
  from order_summary
 where status <> 'cancelled' and customer_name is not null
 group by customer_id
 order by revenue_cents desc, customer_id
 limit :count;

--: login email
-- The account that belongs to the address typed at the sign-in.
select id as customer_id, name, email
  from customers
 where lower(trim(email)) = lower(trim(:email))
 order by id;

--: newsletter city
-- Who gets the newsletter in a city.
select id as customer_id, name, email
  from customers
 where newsletter = 1 and email is not null and trim(email) <> '' and city = :city
 order by name, id;

--: invoice order
-- The lines of an invoice, with the address of the customer on each.
select o.id as order_id, c.id as customer_id, c.name, c.street, c.postcode, c.city, c.country,
       l.sku, p.title, l.quantity, l.unit_cents, l.quantity * l.unit_cents as line_cents
  from orders o
  join customers c on c.id = o.customer_id
  join order_lines l on l.order_id = o.id
  join products p on p.sku = l.sku
 where o.id = :order
 order by l.id;

--: overdue before
-- Orders sent before a day and not paid in full: whom to remind, and where.
select order_id, customer_id, customer_name as name, customer_email as email, ordered_at,
       total_cents - paid_cents as due_cents
  from order_summary
 where status = 'sent' and ordered_at < :before and paid_cents < total_cents and customer_name is not null
 order by ordered_at, order_id;

--: changes customer
-- What was changed about a customer over the years.
select h.customer_id, c.name, h.field, h.old_value, h.new_value, h.changed_at
  from customer_changes h
  join customers c on c.id = h.customer_id
 where h.customer_id = :customer
 order by h.changed_at, h.id;

--: orphans
-- Orders whose customer is not on file any more, for the yearly audit.
select o.id as order_id, o.customer_id, o.ordered_at, o.status,
       (select coalesce(sum(l.quantity * l.unit_cents), 0) from order_lines l where l.order_id = o.id) as total_cents
  from orders o
 where not exists (select 1 from customers c where c.id = o.customer_id)
 order by o.id;

--: change-email customer email
-- A customer writes that the address has changed.
update customers
   set email = :email
 where id = :customer;
