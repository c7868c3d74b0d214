/** Texts of a member's cart, both languages side by side. */
export const CART_TEXTS = {
  memberCart: ['Member’s cart', '会员购物车'],
  cartHint: [
    'It follows the member: what is changed here, or through any other channel, is on all of the member’s screens at once.',
    '购物车随会员同步：在此处或任何渠道的更改会立即显示在其所有屏幕上。',
  ],
  cartSignIn: ['Show the cart', '显示购物车'],
  cartSignInHint: [
    'Say which member it is, as after signing in. Development only: in a shop the member’s own token says so.',
    '请输入会员号，相当于登录。仅供开发：正式商城由会员令牌确定。',
  ],
  member: ['Member', '会员'],
  cartOf: ['Cart of {member}', '{member} 的购物车'],
  cartLeave: ['Another member', '换一位会员'],
  cartPut: ['Put {name} in the cart', '将 {name} 放入购物车'],
  cartEmpty: [
    'The cart is empty. Choose a product in the list and put it in.',
    '购物车为空。请在列表中选择商品并放入。',
  ],
  cartExpired: [
    'The cart was emptied, since nothing in it was changed for too long. Nothing was ordered; put in again what is still wanted.',
    '购物车长时间未变动，已被清空，未产生订单。如仍需要，请重新放入。',
  ],
  cartKeptUntil: [
    'Kept until {day} unless it is changed. Nothing is reserved.',
    '保留至 {day}，期间有变动则顺延。未占用库存。',
  ],
  cartKeptFor: [
    'Kept for {time} more unless it is changed. Nothing is reserved.',
    '还将保留 {time}，期间有变动则重新计时。未占用库存。',
  ],
  cartKeptNoMore: ['It is being emptied.', '正在清空。'],
  cartThrough: ['through {channel}', '来自渠道 {channel}'],
  cartNotChanged: ['Not changed: {reason}', '未更改：{reason}'],
  cartCheckout: ['Check out', '去结账'],
  cartCheckoutElsewhere: [
    'It is ordered in the shop: its own server places the order.',
    '请在商城下单：由商城服务器提交订单。',
  ],
  cartCheckoutHint: [
    'This is the cart of {member}. What is changed in it, here or elsewhere, changes here too; once it is ordered it leaves the cart.',
    '这是 {member} 的购物车。其变动会同步到此处；下单后即从购物车移出。',
  ],
  cartOrderUnderWay: ['Order {id} is under way.', '订单 {id} 正在处理。'],
  cartOrdered: ['Order {id} was made of this cart.', '已由此购物车生成订单 {id}。'],
  cartOrderWaits: [
    'Order {id} was made of this cart and waits: nothing of it can be promised now.',
    '已由此购物车生成订单 {id}，目前无货可承诺，订单等待中。',
  ],
  cartOrderBackordered: [
    'Order {id} was made of this cart and waits for goods that are on their way.',
    '已由此购物车生成订单 {id}，等待在途商品到货。',
  ],
  cartOrderNothing: [
    'Nothing of order {id} could be had: its goods are in the cart again.',
    '订单 {id} 的商品均无货，已放回购物车。',
  ],
  cartOrderRefused: [
    'Order {id} was refused: its goods are in the cart again.',
    '订单 {id} 未被接受，商品已放回购物车。',
  ],
} as const satisfies Record<string, readonly [en: string, zh: string]>;
